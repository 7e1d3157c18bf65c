namespace Subbyte.Kernels;

/// <summary>Matrix products of unsigned 8-bit activations and signed 8-bit weights: <c>c[n,m] = Σk a[n,k] · w[m,k]</c>, exact in 32 bits.</summary>
/// <remarks>
/// No intermediate saturates, whatever the operands: the sums are exact while they fit 32 bits (always for <c>K ≤ 65,793</c>) and wrap
/// beyond.
/// </remarks>
public static partial class Int8Gemm
{
    /// <summary>Multiplies the rows of <paramref name="a"/> by packed weights.</summary>
    /// <param name="a">
    /// Row-major matrix of <paramref name="rows"/> rows; row <c>n</c> begins at <c>n · lda</c> and has <see cref="PackedInt8Matrix.PaddedDepth"/>
    /// readable bytes, of which those past <see cref="PackedInt8Matrix.Depth"/> may have any value.
    /// </param>
    /// <param name="lda">Bytes from one row of <paramref name="a"/> to the next.</param>
    /// <param name="rows">Number of rows, ≥ 0.</param>
    /// <param name="w">Packed weights.</param>
    /// <param name="c">Result, overwritten; row <c>n</c> begins at <c>n · ldc</c>, elements between rows are left alone.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    /// <exception cref="ArgumentException">A row leaves its span.</exception>
    public static void Multiply(ReadOnlySpan<byte> a, int lda, int rows, PackedInt8Matrix w, Span<int> c, int ldc)
    {
        ArgumentNullException.ThrowIfNull(w);
        MatrixProductArguments.Check(a.Length, lda, rows, w.PaddedDepth, c.Length, ldc, w.Outputs);
        MultiplyScalar(a, lda, rows, w, c, ldc);
    }

    private static void MultiplyScalar(ReadOnlySpan<byte> a, int lda, int rows, PackedInt8Matrix w, Span<int> c, int ldc)
    {
        Span<int> sums = stackalloc int[Panel.Width];
        for (var row = 0; row < rows; row++)
        {
            var x = a.Slice(row * lda, w.PaddedDepth);
            for (var first = 0; first < w.Outputs; first += Panel.Width)
            {
                sums.Clear();
                var panel = w.Panels.Slice(first * w.PaddedDepth, Panel.Width * w.PaddedDepth);
                for (var i = 0; i < panel.Length; i++)
                    sums[i / PackedInt8Matrix.Step % Panel.Width] += panel[i] * x[(i / (PackedInt8Matrix.Step * Panel.Width) * PackedInt8Matrix.Step) + (i % PackedInt8Matrix.Step)];
                sums[..Math.Min(Panel.Width, w.Outputs - first)].CopyTo(c[((row * ldc) + first)..]);
            }
        }
    }
}
