using Subbyte.Kernels;

namespace Subbyte.Networks.Operators;

/// <summary>Right operands of float products that are known only when the network runs: packed into memory that the thread keeps from run to run.</summary>
internal static class PackedOperand
{
    [ThreadStatic]
    private static PackedFloatMatrix? _matrix;

    [ThreadStatic]
    private static int _capacity;

    /// <summary>Packs a matrix; it is valid until the thread's next call.</summary>
    /// <param name="columns">Row-major [k][output].</param>
    /// <param name="rowStride">Elements from one row to the next.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="depth">Number of rows.</param>
    /// <returns>The packed matrix.</returns>
    public static PackedFloatMatrix Pack(ReadOnlySpan<float> columns, int rowStride, int outputs, int depth)
    {
        var elements = PackedFloatMatrix.PanelElements(outputs, depth);
        if (_matrix is null || elements > _capacity)
        {
            _matrix = PackedFloatMatrix.Zeros(outputs, depth);
            _capacity = elements;
        }

        _matrix.FillTransposed(columns, rowStride, outputs, depth);
        return _matrix;
    }
}
