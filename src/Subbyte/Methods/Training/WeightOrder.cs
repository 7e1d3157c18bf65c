using Subbyte.Networks;

namespace Subbyte.Methods.Training;

/// <summary>Rows of weights, k channel-fastest, in the order in which a node stores them.</summary>
internal static class WeightOrder
{
    /// <summary>Weights as the node stores them.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="node">The layer's node.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="rows">Weights [outputs][depth].</param>
    /// <returns>The weights, with their dimensions.</returns>
    public static (T[] Values, int[] Dimensions) Stored<T>(Node node, TrainableLayer layer, ReadOnlySpan<T> rows)
    {
        var (outputs, depth) = (layer.Outputs, layer.Depth);
        if (node.OpType != "Conv")
        {
            var isTransposed = node.OpType == "Gemm" && node.Integer("transB", 0) != 0;
            return isTransposed ? (rows.ToArray(), [outputs, depth]) : (Transposed(rows, outputs, depth), [depth, outputs]);
        }

        var positions = layer.KernelPositions;
        var channels = depth / positions;
        var values = new T[rows.Length];
        for (var m = 0; m < outputs; m++) Transposed(rows.Slice(m * depth, depth), positions, channels).CopyTo(values.AsSpan(m * depth));
        return (values, [outputs, channels, .. node.Integers("kernel_shape") ?? throw new UserErrorException($"{node}: kernel_shape is missing")]);
    }

    private static T[] Transposed<T>(ReadOnlySpan<T> values, int rows, int columns)
    {
        var result = new T[values.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++) result[(column * rows) + row] = values[(row * columns) + column];
        }

        return result;
    }
}
