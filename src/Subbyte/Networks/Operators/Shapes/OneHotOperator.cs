using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>OneHot: an axis of constant depth on which one element is on, none where the index lies outside.</summary>
internal sealed class OneHotOperator() : OperatorDefinition("OneHot")
{
    public override NodePlan Plan(NodeContext context)
    {
        var indices = context.Required(0);
        var values = context.Required(2);
        if (values.Count != 2 || values.ElementType.BitWidth() < 8) throw context.Fail($"its values are {values}, not one for off and one for on");
        if (ConstantElements.Doubles(context.RequiredConstant(1)) is not [var depth] || !(depth is >= 1 and <= int.MaxValue)) throw context.Fail("its depth must be one number, at least 1");
        var axis = context.Axis(context.Node.Integer("axis", -1), indices.Rank + 1);
        var inner = checked((int)ElementTypes.ElementCount(indices.Dimensions[axis..]));
        return new OneHotPlan((int)depth, inner, new TensorType(values.ElementType, [.. indices.Dimensions[..axis], (int)depth, .. indices.Dimensions[axis..]]));
    }

    private sealed class OneHotPlan(int depth, int inner, TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var element = AxisBytes.Of(output.ElementType);
            var values = inputs[2]!.Bytes.Span;
            var target = outputs[0].Bytes.Span;
            for (var i = 0; i < target.Length; i += element) values[..element].CopyTo(target[i..]);
            Span<double> index = stackalloc double[1];
            for (var i = 0; i < inputs[0]!.Length; i++)
            {
                ElementConversion.Read(inputs[0]!, i, index);
                var on = Math.Truncate(index[0]);
                if (on < 0) on += depth;
                if (on >= 0 && on < depth) values[element..].CopyTo(target[((((((i / inner) * depth) + (int)on) * inner) + (i % inner)) * element)..]);
            }
        }
    }
}
