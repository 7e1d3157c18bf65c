using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>ONNX's multidirectional broadcasting.</summary>
internal static class Broadcasting
{
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
