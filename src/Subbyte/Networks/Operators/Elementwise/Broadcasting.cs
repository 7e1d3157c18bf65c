using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>ONNX's broadcasting: multidirectional, and opset 6's of a second operand along axes of the first.</summary>
internal static class Broadcasting
{
    /// <summary>The two operands of a node, as broadcasting pairs them, and the type of the result but for its elements.</summary>
    /// <param name="context">The node.</param>
    /// <returns>The operands, and a result of the first one's element type.</returns>
    public static (TensorType X, TensorType Y, TensorType Result) Operands(NodeContext context)
    {
        var (x, y) = (context.Required(0), context.Required(1));
        if (context.Opset < 7) y = AlongAxes(context, x, y);
        return (x, y, Result(context, x, y));
    }

    /// <summary>The result of broadcasting operands.</summary>
    /// <param name="context">The node, for messages.</param>
    /// <param name="operands">At least one operand.</param>
    /// <returns>Element type of the first, common shape, and the layout of those of the full rank.</returns>
    public static TensorType Result(NodeContext context, params ReadOnlySpan<TensorType> operands)
    {
        var widest = operands[0];
        var dimensions = widest.Dimensions.ToArray();
        foreach (var operand in operands[1..])
        {
            dimensions = Shape(context, dimensions, operand.Dimensions);
            if (operand.Rank > widest.Rank) widest = operand;
        }

        return new TensorType(operands[0].ElementType, dimensions, widest.Layout);
    }

    /// <summary>The second operand before opset 7: of the first one's shape, or (<c>broadcast</c>) of a run of its dimensions from <c>axis</c> on, by default the last.</summary>
    private static TensorType AlongAxes(NodeContext context, TensorType x, TensorType y)
    {
        if (context.Node.Integer("broadcast", 0) == 0)
        {
            return x.Dimensions.SequenceEqual(y.Dimensions) ? y : throw context.Fail($"shapes of {x} and {y} differ, and broadcast is not set");
        }

        if (!context.Node.Attributes.ContainsKey("axis") || y.Count == 1 || y.Rank == x.Rank) return y;
        var axis = context.Axis(context.Node.Integer("axis", 0), x.Rank);
        if (axis + y.Rank > x.Rank) throw context.Fail($"{y} does not fit the dimensions of {x} from axis {axis} on");
        return new TensorType(y.ElementType, [.. y.Dimensions, .. Enumerable.Repeat(1, x.Rank - axis - y.Rank)], y.Rank < 3 ? Layout.RowMajor : y.Layout, y.Constant);
    }

    /// <summary>The common shape of two operands.</summary>
    /// <param name="context">The node, for messages.</param>
    /// <param name="x">Logical dimensions of the first.</param>
    /// <param name="y">Logical dimensions of the second.</param>
    /// <returns>Logical dimensions of the result.</returns>
    public static int[] Shape(NodeContext context, ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        var dimensions = new int[Math.Max(x.Length, y.Length)];
        for (var i = 1; i <= dimensions.Length; i++)
        {
            var (a, b) = (i <= x.Length ? x[^i] : 1, i <= y.Length ? y[^i] : 1);
            if (a != b && a != 1 && b != 1) throw context.Fail($"shapes [{string.Join(",", x.ToArray())}] and [{string.Join(",", y.ToArray())}] cannot be broadcast");
            dimensions[^i] = a == 1 ? b : a;
        }

        return dimensions;
    }

    /// <summary>Strides of an operand along the result's dimensions in memory order; 0 where it repeats.</summary>
    /// <param name="operand">The operand, in the result's layout or row-major and of a smaller rank.</param>
    /// <param name="result">The result.</param>
    /// <returns>One stride for each dimension of the result.</returns>
    public static int[] Strides(TensorType operand, TensorType result)
    {
        var own = Strided.Of(operand.Physical);
        var strides = new int[result.Rank];
        for (var axis = 0; axis < operand.Rank; axis++)
        {
            var resultAxis = axis + result.Rank - operand.Rank;
            if (operand.Dimensions[axis] > 1) strides[result.PhysicalAxis(resultAxis)] = own[operand.PhysicalAxis(axis)];
        }

        return strides;
    }
}
