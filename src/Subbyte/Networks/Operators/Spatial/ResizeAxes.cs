using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>One axis of a resized tensor.</summary>
/// <param name="Input">Input positions.</param>
/// <param name="Output">Output positions.</param>
/// <param name="Scale">Output positions per input position, as given.</param>
/// <param name="Start">Start of the region of interest as a share of the axis.</param>
/// <param name="End">Its end.</param>
internal sealed record ResizeAxis(int Input, int Output, float Scale, float Start, float End)
{
    /// <summary>Whether the axis was asked to be resized.</summary>
    public bool IsResized { get; init; } = true;
}

/// <summary>Reads scales, sizes, axes, roi and keep_aspect_ratio_policy.</summary>
internal static class ResizeAxes
{
    /// <summary>Reads the axes.</summary>
    /// <param name="context">The node.</param>
    /// <param name="input">The input.</param>
    /// <returns>One for each logical dimension.</returns>
    public static ResizeAxis[] Read(NodeContext context, TensorType input)
    {
        var listed = context.Node.Integers("axes");
        int[] axes = [.. (listed ?? [.. Enumerable.Range(0, input.Rank)]).Select(axis => context.Axis(axis, input.Rank))];
        if (axes.Distinct().Count() != axes.Length) throw context.Fail("axes repeat");
        var isOld = context.Node.OpType == "Upsample" || context.Opset < 11;
        var scales = isOld ? Floats(context, 1) ?? Attribute(context) : Floats(context, 2);
        var sizes = isOld || context.Optional(3) is not { Count: > 0 } ? null : context.Integers(3, "sizes");
        if ((scales is null) == (sizes is null)) throw context.Fail("needs either scales or sizes");
        if ((scales?.Length ?? sizes!.Length) != axes.Length) throw context.Fail($"needs one scale or size for each of {axes.Length} axes");
        var roi = isOld || context.Node.Text("coordinate_transformation_mode", "half_pixel") != "tf_crop_and_resize" ? null : Floats(context, 1) ?? throw context.Fail("has no roi, which tf_crop_and_resize needs");
        if (roi is not null && roi.Length != 2 * axes.Length) throw context.Fail($"roi needs two numbers for each of {axes.Length} axes");
        if (roi is not null && roi.Any(share => !(Math.Abs(share) <= 1 << 20))) throw context.Fail($"roi [{string.Join(", ", roi)}] lies too far outside");
        var result = input.Dimensions.ToArray().Select(size => new ResizeAxis(size, size, 1, 0, 1) { IsResized = false }).ToArray();
        if (sizes is not null) scales = Scales(context, sizes, axes, input);
        var keeps = sizes is not null && context.Node.Text("keep_aspect_ratio_policy", "stretch") != "stretch";
        for (var i = 0; i < axes.Length; i++)
        {
            var size = input.Dimensions[axes[i]];
            var scale = scales![i];
            if (!(scale > 0) || float.IsInfinity(scale)) throw context.Fail($"a scale of {scale} is not allowed");
            // In float32, as the standard's own shape inference: 10 · 0.7 are 7 positions.
            var output = sizes is null ? MathF.Floor(size * scale) : keeps ? Math.Floor((size * (double)scale) + 0.5) : sizes[i];
            if (output is < 0 or > int.MaxValue) throw context.Fail($"axis {axes[i]} would have {output} positions");
            result[axes[i]] = new ResizeAxis(size, (int)output, scale, roi?[i] ?? 0, roi?[i + axes.Length] ?? 1);
        }

        return result;
    }

    /// <summary>Scales of given sizes; one for all where the aspect ratio is kept.</summary>
    private static float[] Scales(NodeContext context, int[] sizes, int[] axes, TensorType input)
    {
        for (var i = 0; i < axes.Length; i++)
        {
            if (sizes[i] < 1 || input.Dimensions[axes[i]] < 1) throw context.Fail($"cannot resize axis {axes[i]} of {input} to {sizes[i]} positions");
        }

        var scales = axes.Select((axis, i) => sizes[i] / (float)input.Dimensions[axis]).ToArray();
        return context.Node.Text("keep_aspect_ratio_policy", "stretch") switch
        {
            "stretch" => scales,
            "not_larger" => [.. scales.Select(_ => scales.Min())],
            "not_smaller" => [.. scales.Select(_ => scales.Max())],
            var policy => throw context.Fail($"keep_aspect_ratio_policy '{policy}' is unknown; stretch, not_larger and not_smaller are supported"),
        };
    }

    private static float[]? Attribute(NodeContext context)
        => context.Node.Attributes.TryGetValue("scales", out var attribute)
            ? attribute.Value as float[] ?? throw context.Fail("attribute 'scales' is not a list of floats")
            : null;

    private static float[]? Floats(NodeContext context, int index)
    {
        if (context.Optional(index) is not { Count: > 0 }) return null;
        var constant = context.RequiredConstant(index);
        if (!constant.ElementType.IsFloatingPoint()) throw context.Fail($"input {index} is {constant}; floating point is needed");
        var values = new double[constant.Length];
        ElementConversion.Read(constant, 0, values);
        return [.. values.Select(value => (float)value)];
    }
}
