using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>LpNormalization: elements over the norm along an axis; where it is 0, they stay 0.</summary>
internal sealed class LpNormalizationOperator() : OperatorDefinition("LpNormalization", LayoutRule.Same, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        var order = context.Node.Integer("p", 2);
        if (order is not (1 or 2)) throw context.Fail($"p = {order} is not supported; 1 and 2 are");
        var axis = context.Axis(context.Node.Integer("axis", -1), input.Rank);
        return new NormPlan(new Standardization(input.Physical, Standardization.Flags(input, axis)), order, new TensorType(ElementType.Float32, input.Dimensions, input.Layout));
    }

    private sealed class NormPlan(Standardization loops, long order, TensorType output) : NodePlan(output)
    {
        public override long ScratchBytes => ScratchAllocator.Bytes<float>(loops.Groups);

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var norms = new ScratchAllocator(scratch).Take<float>(loops.Groups);
            loops.Norms(inputs[0]!.AsSpan<float>(), order, norms);
            norms.Replace(0, 1);
            loops.Divide(inputs[0]!.AsSpan<float>(), norms, outputs[0].AsSpan<float>());
        }
    }
}

/// <summary>MeanVarianceNormalization: centred elements over their standard deviation along some axes (by default all but the channels) plus 10⁻⁹.</summary>
internal sealed class MeanVarianceNormalizationOperator() : OperatorDefinition("MeanVarianceNormalization", LayoutRule.Same, TypeRule.Float32)
{
    private const double Epsilon = 1e-9;

    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        int[] axes = [.. (context.Node.Integers("axes") ?? [0, 2, 3]).Select(axis => context.Axis(axis, input.Rank))];
        return new StandardPlan(new Standardization(input.Physical, Standardization.Flags(input, axes)), new TensorType(ElementType.Float32, input.Dimensions, input.Layout));
    }

    private sealed class StandardPlan(Standardization loops, TensorType output) : NodePlan(output)
    {
        public override long ScratchBytes => 2 * ScratchAllocator.Bytes<float>(loops.Groups);

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var memory = new ScratchAllocator(scratch);
            var means = memory.Take<float>(loops.Groups);
            var deviations = memory.Take<float>(loops.Groups);
            var d = outputs[0].AsSpan<float>();
            loops.Center(inputs[0]!.AsSpan<float>(), means, d);
            loops.MeanSquares(d, deviations);
            foreach (ref var deviation in deviations) deviation = (float)(Math.Sqrt(deviation) + Epsilon);
            loops.Divide(d, deviations, d);
        }
    }
}
