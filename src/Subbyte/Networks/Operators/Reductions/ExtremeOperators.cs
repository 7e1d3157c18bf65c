using System.Numerics;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Where along an axis the largest element lies (the first or the last of equals); NaN counts as larger than any number.</summary>
internal static class LargestElement
{
    /// <summary>Finds it.</summary>
    /// <typeparam name="T">Type of the elements.</typeparam>
    /// <param name="x">Elements [count][inner].</param>
    /// <param name="inner">Elements behind the axis.</param>
    /// <param name="smallest">Whether the smallest is looked for instead.</param>
    /// <param name="last">Whether the last of equals counts.</param>
    /// <param name="d">Indices [inner].</param>
    public static void Find<T>(ReadOnlySpan<T> x, int inner, bool smallest, bool last, Span<long> d)
        where T : INumber<T>
    {
        d.Clear();
        var count = x.Length / inner;
        for (var k = 1; k < count; k++)
        {
            var row = x.Slice(k * inner, inner);
            for (var i = 0; i < row.Length; i++)
            {
                var (value, best) = (row[i], x[((int)d[i] * inner) + i]);
                var isBetter = smallest ? value < best : value > best;
                if (isBetter || (last && value == best) || (T.IsNaN(value) && (last || !T.IsNaN(best)))) d[i] = k;
            }
        }
    }
}

/// <summary>ArgMax and ArgMin.</summary>
/// <param name="opType">Operator name.</param>
internal sealed class ArgumentOperator(string opType) : OperatorDefinition(opType, LayoutRule.Same, TypeRule.HalvesInFloat32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var axis = context.Axis(context.Node.Integer("axis", 0), input.Rank);
        if (input.Dimensions[axis] == 0) throw context.Fail($"its axis {axis} has no elements");
        var keeps = context.Node.Integer("keepdims", 1) != 0;
        int[] kept = input.Dimensions.ToArray();
        kept[axis] = 1;
        var type = new TensorType(ElementType.Int64, kept, input.Layout);
        // What is left after the channels, or after one of several spatial axes, lies in memory as one of the layouts says; the batch axis is left in.
        if (!keeps) type = Drop(context, type, axis);
        var last = context.Node.Integer("select_last_index", 0) != 0;
        return NumberTypes.Visit(input.ElementType, new Plans(AxisSpan.Of(input, axis), OpType == "ArgMin", last, type)) ?? throw context.Fail($"is not defined for {input.ElementType}");
    }

    private static TensorType Drop(NodeContext context, TensorType type, int axis)
    {
        int[] dimensions = [.. type.Dimensions[..axis], .. type.Dimensions[(axis + 1)..]];
        if (type.Layout == Layout.RowMajor || type.Rank < 3 || axis == 1) return new TensorType(type.ElementType, dimensions);
        if (axis > 1) return new TensorType(type.ElementType, dimensions, Layout.ChannelsLast);
        throw context.Fail("a reduction of the batch axis of a feature map is not supported without keepdims; Squeeze its result instead");
    }

    private sealed class Plans(AxisSpan span, bool smallest, bool last, TensorType output) : INumberVisitor<NodePlan>
    {
        public NodePlan Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => new ArgumentPlan<T>(span, smallest, last, output);
    }

    private sealed class ArgumentPlan<T>(AxisSpan span, bool smallest, bool last, TensorType output) : NodePlan(output)
        where T : unmanaged, INumber<T>
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var x = inputs[0]!.Elements<T>();
            var d = outputs[0].AsSpan<long>();
            var size = span.Count * span.Inner;
            for (var i = 0; i < span.Outer; i++) LargestElement.Find<T>(x.Slice(i * size, size), span.Inner, smallest, last, d.Slice(i * span.Inner, span.Inner));
        }
    }
}

/// <summary>Hardmax: 1 at the first largest element along the axes of <see cref="SoftmaxOperator.Span"/>, 0 elsewhere.</summary>
internal sealed class HardmaxOperator() : OperatorDefinition("Hardmax", LayoutRule.Same, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        return new HardmaxPlan(SoftmaxOperator.Span(context, input), new TensorType(ElementType.Float32, input.Dimensions, input.Layout));
    }

    private sealed class HardmaxPlan(AxisSpan span, TensorType output) : NodePlan(output)
    {
        public override long ScratchBytes => ScratchAllocator.Bytes<long>(span.Inner);

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var places = new ScratchAllocator(scratch).Take<long>(span.Inner);
            var d = outputs[0].AsSpan<float>();
            d.Clear();
            var size = span.Count * span.Inner;
            for (var start = 0; start < d.Length; start += size)
            {
                LargestElement.Find<float>(inputs[0]!.AsSpan<float>().Slice(start, size), span.Inner, smallest: false, last: false, places);
                for (var i = 0; i < places.Length; i++) d[start + ((int)places[i] * span.Inner) + i] = 1;
            }
        }
    }
}
