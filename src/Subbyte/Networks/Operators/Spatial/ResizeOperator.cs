using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Resize (opset 10 on) and Upsample: nearest, linear and cubic interpolation along each axis.</summary>
/// <param name="opType">Operator name.</param>
internal sealed class ResizeOperator(string opType) : OperatorDefinition(opType, LayoutRule.Same, TypeRule.WholeBytes)
{
    // An axis as long takes 64 MiB of positions.
    private const int LargestExtent = 1 << 24;

    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var mode = context.Node.Text("mode", "nearest");
        if (mode is "bilinear" or "trilinear") mode = "linear";
        if (mode is not ("nearest" or "linear" or "cubic")) throw context.Fail($"mode '{mode}' is unknown; nearest, linear and cubic are supported");
        if (input.ElementType == ElementType.Boolean && mode != "nearest") throw context.Fail($"{input} can be resized with mode 'nearest' only");
        var sampling = ResizeSampling.Read(context, OpType == "Upsample" || context.Opset < 11, mode);
        var axes = ResizeAxes.Read(context, input);
        var dimensions = axes.Select(axis => axis.Output).ToArray();
        if (dimensions.Any(size => size > LargestExtent) || input.Dimensions.ToArray().Any(size => size > LargestExtent)) throw context.Fail($"resizes {input} to [{string.Join(",", dimensions)}]; axes of up to {LargestExtent} are supported");
        var output = new TensorType(input.ElementType, dimensions, input.Layout);
        if (output.Count > 0 && input.Count == 0) throw context.Fail($"{input} has nothing to resize");
        if (output.Count > int.MaxValue) throw context.Fail($"its output {output} is larger than can be held");
        var physical = new ResizeAxis[input.Rank];
        for (var i = 0; i < physical.Length; i++) physical[input.PhysicalAxis(i)] = axes[i];
        if (mode == "nearest" && !sampling.Extrapolates) return new GatherPlan(input.Physical, [.. physical.Select(sampling.Nearest)], output);
        return new ResizePlan(input, physical, sampling, output);
    }
}
