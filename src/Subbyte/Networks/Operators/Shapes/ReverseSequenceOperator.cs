using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>ReverseSequence: turns the first elements of each sequence of a batch around, as many as its length says.</summary>
internal sealed class ReverseSequenceOperator() : OperatorDefinition("ReverseSequence", types: TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var lengths = context.Required(1);
        var batchAxis = context.Node.Integer("batch_axis", 1);
        var timeAxis = context.Node.Integer("time_axis", 0);
        if (input.Rank < 2 || batchAxis is not (0 or 1) || timeAxis != 1 - batchAxis) throw context.Fail($"batch_axis {batchAxis} and time_axis {timeAxis} of {input} are not the first two axes");
        if (lengths.ElementType != ElementType.Int64 || lengths.Rank != 1 || lengths.Dimensions[0] != input.Dimensions[(int)batchAxis]) throw context.Fail($"lengths {lengths} do not fit {input}");
        return new ReverseSequencePlan(context.Node, batchAxis == 0, new TensorType(input.ElementType, input.Dimensions));
    }

    private sealed class ReverseSequencePlan(Node node, bool isBatchFirst, TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var source = inputs[0]!.Bytes.Span;
            var target = outputs[0].Bytes.Span;
            var lengths = inputs[1]!.AsSpan<long>();
            var slice = AxisBytes.From(outputs[0], 2);
            var (batchStride, timeStride) = isBatchFirst ? (output.Dimensions[1], 1) : (1, output.Dimensions[1]);
            var times = output.Dimensions[isBatchFirst ? 1 : 0];
            for (var sequence = 0; sequence < lengths.Length; sequence++)
            {
                var length = lengths[sequence];
                if (length < 0 || length > times) throw new UserErrorException($"{node}: a length of {length} lies outside a sequence of {times}");
                for (var time = 0; time < times; time++)
                {
                    var from = time < length ? (int)length - 1 - time : time;
                    source.Slice(((sequence * batchStride) + (from * timeStride)) * slice, slice).CopyTo(target[(((sequence * batchStride) + (time * timeStride)) * slice)..]);
                }
            }
        }
    }
}
