using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>LayerNormalization with its optional outputs, and RMSNormalization, which does not centre: over an axis and all that follow it.</summary>
/// <param name="opType">Operator name.</param>
internal sealed class LayerNormalizationOperator(string opType) : OperatorDefinition(opType, LayoutRule.RowMajor, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        var isCentred = OpType == "LayerNormalization";
        var axis = context.Axis(context.Node.Integer("axis", -1), input.Rank);
        var type = new TensorType(ElementType.Float32, input.Dimensions);
        var (scale, bias) = (Parameter(context, 1, type), isCentred && context.Optional(2) is not null ? Parameter(context, 2, type) : null);
        if (scale is null) throw context.Fail("input 1 is missing");
        var loops = new Standardization(input.Dimensions, Standardization.Flags(type, [.. Enumerable.Range(axis, input.Rank - axis)]));
        var statistics = new TensorType(ElementType.Float32, [.. input.Dimensions[..axis], .. Enumerable.Repeat(1, input.Rank - axis)]);
        var epsilon = context.Node.Float("epsilon", 1e-5f);
        return new LayerNormalizationPlan(loops, epsilon, isCentred, scale, bias, isCentred ? [type, statistics, statistics] : [type]);
    }

    /// <summary>How a parameter is paired with the elements of the result.</summary>
    private static BroadcastLoop? Parameter(NodeContext context, int index, TensorType type)
    {
        var parameter = context.RequiredFloat(index);
        if (!Broadcasting.Shape(context, type.Dimensions, parameter.Dimensions).AsSpan().SequenceEqual(type.Dimensions)) throw context.Fail($"input {index} is {parameter}, which does not fit {type}");
        return BroadcastLoop.Of(type, type, parameter);
    }

    private sealed class LayerNormalizationPlan(Standardization loops, float epsilon, bool isCentred, BroadcastLoop scaling, BroadcastLoop? shifting, TensorType[] outputs) : NodePlan(outputs)
    {
        public override long ScratchBytes => isCentred ? 0 : ScratchAllocator.Bytes<float>(loops.Groups);

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var x = inputs[0]!.AsSpan<float>();
            var d = outputs[0].AsSpan<float>();
            var factors = isCentred ? outputs[2].AsSpan<float>() : new ScratchAllocator(scratch).Take<float>(loops.Groups);
            if (isCentred) loops.Center(x, outputs[1].AsSpan<float>(), d);
            else x.CopyTo(d);
            loops.MeanSquares(d, factors);
            foreach (ref var factor in factors) factor = (float)(1 / Math.Sqrt((double)factor + epsilon));
            loops.Multiply(d, factors, d);
            scaling.Run<float, float, MultiplyFunction<float>>(d, inputs[1]!.AsSpan<float>(), d);
            shifting?.Run<float, float, AddFunction<float>>(d, inputs[2]!.AsSpan<float>(), d);
        }
    }
}
