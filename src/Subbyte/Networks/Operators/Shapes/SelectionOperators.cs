using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>NonZero of a constant: the indices of its elements that are not 0, a row for each axis.</summary>
internal sealed class NonZeroOperator() : OperatorDefinition("NonZero")
{
    public override NodePlan Plan(NodeContext context)
    {
        var constant = context.RequiredConstant(0);
        var places = ConstantElements.Doubles(constant).Select((value, place) => (value, place)).Where(element => element.value != 0).Select(element => element.place).ToArray();
        var strides = Strided.Of(constant.Dimensions);
        var indices = new long[constant.Rank * places.Length];
        for (var axis = 0; axis < constant.Rank; axis++)
        {
            for (var i = 0; i < places.Length; i++) indices[(axis * places.Length) + i] = places[i] / strides[axis] % constant.Dimensions[axis];
        }

        return new KnownPlan(Tensor.Of<long>(indices, constant.Rank, places.Length));
    }
}

/// <summary>Compress with a constant condition: the slices along an axis (the elements, without one) that it keeps.</summary>
internal sealed class CompressOperator() : OperatorDefinition("Compress", types: TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var condition = context.RequiredConstant(1);
        if (condition.ElementType != ElementType.Boolean || condition.Rank != 1) throw context.Fail($"its condition is {condition}, not a list of booleans");
        var axis = context.Node.Attributes.ContainsKey("axis") ? context.Axis(context.Node.Integer("axis", 0), input.Rank) : -1;
        int[] dimensions = axis < 0 ? [checked((int)input.Count)] : input.Dimensions.ToArray();
        axis = Math.Max(0, axis);
        var size = dimensions[axis];
        var kept = condition.AsSpan<bool>().ToArray().Select((keep, index) => (keep, index)).Where(entry => entry.keep).Select(entry => entry.index).ToArray();
        if (kept is [.., var last] && last >= size) throw context.Fail($"its condition keeps index {last} of an axis of {size}");
        dimensions[axis] = kept.Length;
        var slice = checked((int)input.ElementType.ByteLength(ElementTypes.ElementCount(dimensions.AsSpan(axis + 1))));
        return new CompressPlan(kept, size, slice, new TensorType(input.ElementType, dimensions));
    }

    private sealed class CompressPlan(int[] kept, int size, int slice, TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var source = inputs[0]!.Bytes.Span;
            var target = outputs[0].Bytes.Span;
            for (var offset = 0; !target.IsEmpty; offset += size * slice)
            {
                foreach (var index in kept)
                {
                    source.Slice(offset + (index * slice), slice).CopyTo(target);
                    target = target[slice..];
                }
            }
        }
    }
}
