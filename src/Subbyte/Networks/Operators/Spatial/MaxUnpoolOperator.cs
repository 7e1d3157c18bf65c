using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>MaxUnpool: puts values where MaxPool found them; all else is 0. Indices count in the shape that the attributes give, also where a larger one is asked for.</summary>
internal sealed class MaxUnpoolOperator() : OperatorDefinition("MaxUnpool", types: TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var (input, indices) = (context.RequiredFloat(0), context.Required(1));
        var kernel = context.Node.Integers("kernel_shape") ?? throw context.Fail("has no kernel_shape");
        var strides = context.Node.Integers("strides") ?? [.. Enumerable.Repeat(1, kernel.Length)];
        var pads = context.Node.Integers("pads") ?? new int[2 * kernel.Length];
        if (kernel.Length != input.Rank - 2 || strides.Length != kernel.Length || pads.Length != 2 * kernel.Length) throw context.Fail($"kernel_shape, strides and pads do not fit {input}");
        if (indices.ElementType != ElementType.Int64 || !indices.Dimensions.SequenceEqual(input.Dimensions)) throw context.Fail($"indices {indices} do not fit {input}");
        var inferred = input.Dimensions.ToArray();
        for (var i = 0; i < kernel.Length; i++)
        {
            inferred[i + 2] = checked(((input.Dimensions[i + 2] - 1) * strides[i]) - pads[i] - pads[kernel.Length + i] + kernel[i]);
            if (inferred[i + 2] < 1) throw context.Fail("kernel_shape, strides and pads leave nothing of the output");
        }

        var dimensions = context.Optional(2) is null ? inferred : context.Integers(2, "output_shape")!;
        if (dimensions.Length != inferred.Length || dimensions.Where((size, i) => size < inferred[i]).Any()) throw context.Fail($"output_shape [{string.Join(",", dimensions)}] is smaller than [{string.Join(",", inferred)}]");
        return new UnpoolPlan(inferred, context.Node.ToString(), new TensorType(ElementType.Float32, dimensions));
    }

    private sealed class UnpoolPlan(int[] inferred, string place, TensorType output) : NodePlan(output)
    {
        private readonly long _count = ElementTypes.ElementCount(inferred);

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var x = inputs[0]!.AsSpan<float>();
            var indices = inputs[1]!.AsSpan<long>();
            var y = outputs[0].AsSpan<float>();
            y.Clear();
            for (var i = 0; i < x.Length; i++)
            {
                if (indices[i] < 0 || indices[i] >= _count) throw new UserErrorException($"{place}: index {indices[i]} lies outside the {_count} elements of the output");
                y[Position(indices[i])] = x[i];
            }
        }

        private int Position(long index)
        {
            var (position, stride) = (0, 1);
            for (var axis = inferred.Length - 1; axis >= 0; axis--)
            {
                position += (int)(index % inferred[axis]) * stride;
                index /= inferred[axis];
                stride *= output.Dimensions[axis];
            }

            return position;
        }
    }
}
