using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>TopK: the largest or smallest k elements along an axis and their indices, sorted; equal ones in the order of their indices.</summary>
internal sealed class TopKOperator() : OperatorDefinition("TopK")
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        if (input.ElementType == ElementType.Boolean) throw context.Fail("booleans have no order");
        var axis = context.Axis(context.Node.Integer("axis", -1), input.Rank);
        var size = input.Dimensions[axis];
        var count = context.Optional(1) is null ? context.Node.Integer("k", -1) : context.Integers(1, "k") is [var k] ? k : -1;
        if (count < 0 || count > size) throw context.Fail($"k = {count} lies outside an axis of {size}");
        var dimensions = input.Dimensions.ToArray();
        dimensions[axis] = (int)count;
        var inner = checked((int)ElementTypes.ElementCount(input.Dimensions[(axis + 1)..]));
        return new TopKPlan(size, inner, context.Node.Integer("largest", 1) != 0, new TensorType(input.ElementType, dimensions), new TensorType(ElementType.Int64, dimensions));
    }

    private sealed class TopKPlan(int size, int inner, bool largest, TensorType values, TensorType indices) : NodePlan(values, indices)
    {
        public override long ScratchBytes => ScratchAllocator.Bytes<int>(size) + ScratchAllocator.Bytes<double>(size) + ScratchAllocator.Bytes<long>(size);

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var allocator = new ScratchAllocator(scratch);
            var order = allocator.Take<int>(size);
            var numbers = allocator.Take<double>(size);
            var integers = allocator.Take<long>(size);
            var count = size == 0 ? 0 : outputs[0].Length / Math.Max(1, inputs[0]!.Length / size);
            for (var line = 0; count > 0 && line < inputs[0]!.Length / size; line++)
            {
                var (outer, column) = (line / inner, line % inner);
                for (var i = 0; i < size; i++) order[i] = i;
                Sort(inputs[0]!, (outer * size * inner) + column, order, numbers, integers);
                for (var i = 0; i < count; i++)
                {
                    var target = (((outer * count) + i) * inner) + column;
                    Copy(inputs[0]!, (((outer * size) + order[i]) * inner) + column, outputs[0], target);
                    outputs[1].AsSpan<long>()[target] = order[i];
                }
            }
        }

        /// <summary>Sorts indices by the elements of a line: keys that grow as elements come first, equal ones by index.</summary>
        private void Sort(Tensor input, int start, Span<int> order, Span<double> numbers, Span<long> integers)
        {
            for (var i = 0; i < size; i++)
            {
                if (input.ElementType.IsFloatingPoint()) ElementConversion.Read(input, start + (i * inner), numbers.Slice(i, 1));
                else ElementConversion.Read(input, start + (i * inner), integers.Slice(i, 1));
                if (input.ElementType == ElementType.UInt64) integers[i] ^= long.MinValue;
            }

            if (input.ElementType.IsFloatingPoint()) Sort<double>(order, numbers);
            else Sort<long>(order, integers);
        }

        private void Sort<T>(Span<int> order, Span<T> keys)
            where T : IComparable<T>
        {
            var sign = largest ? -1 : 1;
            keys.Sort(order, (a, b) => sign * a.CompareTo(b));

            // The sort is not stable: indices of equal keys are put in order afterwards.
            for (var first = 0; first < keys.Length;)
            {
                var end = first + 1;
                while (end < keys.Length && keys[end].CompareTo(keys[first]) == 0) end++;
                order[first..end].Sort();
                first = end;
            }
        }

        private static void Copy(Tensor source, int from, Tensor target, int to)
        {
            var element = AxisBytes.Of(source.ElementType);
            source.Bytes.Span.Slice(from * element, element).CopyTo(target.Bytes.Span[(to * element)..]);
        }
    }
}
