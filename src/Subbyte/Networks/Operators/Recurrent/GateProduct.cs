using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>
/// The dot products of some gates of each direction with the input or with the state: packed once where the weights are constant, at each run
/// where they are computed.
/// </summary>
/// <param name="weights">Type of the weights [direction][gate · hidden][depth].</param>
/// <param name="firstRow">First of a direction's rows.</param>
/// <param name="rows">Number of rows.</param>
internal sealed class GateProduct(TensorType weights, int firstRow, int rows)
{
    private readonly PackedFloatMatrix[]? _packed = weights.Constant is { } constant
        ? [.. Enumerable.Range(0, weights.Dimensions[0]).Select(direction => Pack(constant, direction, firstRow, rows))]
        : null;

    /// <summary>The weights of a direction.</summary>
    /// <param name="given">The weights of this run.</param>
    /// <param name="direction">The direction.</param>
    /// <returns>The packed matrix.</returns>
    public PackedFloatMatrix Of(Tensor given, int direction) => _packed?[direction] ?? Pack(given, direction, firstRow, rows);

    private static PackedFloatMatrix Pack(Tensor tensor, int direction, int firstRow, int rows)
    {
        var depth = tensor.Dimensions[2];
        var first = (direction * tensor.Dimensions[1]) + firstRow;
        return PackedFloatMatrix.Pack(tensor.AsSpan<float>().Slice(first * depth, rows * depth), rows, depth);
    }
}
