using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Pad with a constant (modes edge, reflect and wrap are not covered).</summary>
internal sealed class PadOperator() : OperatorDefinition("Pad", LayoutRule.Same, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        var mode = context.Node.Text("mode", "constant");
        if (mode != "constant") throw context.Fail($"mode '{mode}' is not supported; 'constant' is");
        var pads = context.Integers(1, "pads") ?? throw context.Fail("has no pads");
        var axes = context.Integers(3, "axes") ?? [.. Enumerable.Range(0, input.Rank)];
        if (pads.Length != 2 * axes.Length) throw context.Fail($"has {pads.Length} pads for {axes.Length} axes");
        var value = context.FloatScalar(2, "value", 0);
        var dimensions = input.Dimensions.ToArray();
        var before = new int[input.Rank];
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = context.Axis(axes[i], input.Rank);
            var (start, end) = (pads[i], pads[i + axes.Length]);
            if (start < 0 || end < 0) throw context.Fail("negative pads are not supported; slice instead");
            before[input.PhysicalAxis(axis)] = start;
            dimensions[axis] = checked(dimensions[axis] + start + end);
        }

        return new PadPlan(input.Physical, before, value, new TensorType(input.ElementType, dimensions, input.Layout));
    }

    private sealed class PadPlan(int[] inputDimensions, int[] before, float value, TensorType output) : NodePlan(output)
    {
        private readonly int[] _sourceStrides = Strided.Of(inputDimensions);
        private readonly int[] _targetStrides = Strided.Of(output.Physical);
        private readonly int _start = Strided.Of(output.Physical).Select((stride, i) => stride * before[i]).Sum();

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            outputs[0].AsSpan<float>().Fill(value);
            if (inputs[0]!.Length > 0) Strided.Copy(sizeof(float), inputs[0]!.Bytes.Span, 0, _sourceStrides, outputs[0].Bytes.Span, _start, _targetStrides, inputDimensions);
        }
    }
}
