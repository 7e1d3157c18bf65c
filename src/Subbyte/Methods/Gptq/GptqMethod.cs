using Subbyte.Calibration;
using Subbyte.Lowering;

namespace Subbyte.Methods.Gptq;

/// <summary>
/// GPTQ: weights on uniform grids, rounded one input after the other; what each rounding does to the layer's output is made up for by the
/// weights still to come (Frantar, Ashkboos, Hoefler, Alistarh, ICLR 2023).
/// </summary>
/// <param name="options">Options.</param>
public sealed class GptqMethod(GptqOptions options) : ILayerMethod
{
    private const string Name = "gptq";

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<GptqOptions>(
        Name,
        "weights rounded one input after the other, each error made up for by the weights still to come",
        "Frantar, Ashkboos, Hoefler, Alistarh: GPTQ, ICLR 2023",
        options => new GptqMethod(options),
        "gptq:w=4",
        "gptq:w=3");

    /// <inheritdoc/>
    public bool CoversEnds => options.WeightBits >= 8;

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">The layer's rows are too long for a matrix of their second moments.</exception>
    public void Fill(LayerDraft draft)
    {
        var layer = draft.Layer;
        SecondMoments.RequireDepth(layer, Name);
        if (options.FloatActivations) draft.KeepFloatActivations(Name);
        var codes = new short[layer.Outputs * layer.Depth];
        var scales = new float[layer.Outputs];
        var outputs = layer.Outputs / layer.Groups;
        for (var group = 0; group < layer.Groups; group++)
        {
            var propagation = Propagation(layer, group);
            var first = group * outputs;
            Threading.ForEach(layer.Input.Threads, outputs, i => scales[first + i] = Round(layer, first + i, propagation, codes.AsSpan((first + i) * layer.Depth, layer.Depth)));
        }

        draft.Fill(new WeightCodes(Name, [new WeightPlane(codes, scales, options.WeightBits)], ((long)options.WeightBits * codes.Length) + (32L * layer.Outputs)));
    }

    private ErrorPropagation Propagation(DotProductLayer layer, int group)
    {
        var moments = SecondMoments.Of(layer.Input.Patches(group, options.Patches), layer.Input.Threads);
        var order = Enumerable.Range(0, layer.Depth);
        if (options.ActivationOrder) order = order.OrderByDescending(n => moments[(n * layer.Depth) + n]);
        return new ErrorPropagation(moments, [.. order], options.Damping);
    }

    private float Round(DotProductLayer layer, int m, ErrorPropagation propagation, Span<short> codes)
    {
        var row = layer.Row(m);
        var grid = options.Clip.Grid(row, options.WeightBits);
        var weights = new double[row.Length];
        for (var k = 0; k < weights.Length; k++) weights[k] = row[k];
        propagation.Round(weights, grid.Scale, grid.Codes.Highest, codes);
        return grid.Scale;
    }
}
