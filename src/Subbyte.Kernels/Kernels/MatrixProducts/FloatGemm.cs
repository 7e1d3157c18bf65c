namespace Subbyte.Kernels;

/// <summary>Matrix products of floats: <c>c[n,m] = Σk a[n,k] · w[m,k]</c>.</summary>
/// <remarks>
/// Every output is one chain of fused multiply-adds, from +0, in ascending <c>k</c>: the same bits (payloads of NaN aside) on every
/// instruction set, for every number of rows and every blocking.
/// </remarks>
public static partial class FloatGemm
{
    /// <summary>Multiplies the rows of <paramref name="a"/> by packed weights.</summary>
    /// <param name="a">Row-major matrix of <paramref name="rows"/> rows; row <c>n</c> begins at <c>n · lda</c>.</param>
    /// <param name="lda">Elements from one row of <paramref name="a"/> to the next.</param>
    /// <param name="rows">Number of rows, ≥ 0.</param>
    /// <param name="w">Packed weights.</param>
    /// <param name="c">Result, overwritten; row <c>n</c> begins at <c>n · ldc</c>, elements between rows are left alone. It must not overlap <paramref name="a"/>.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    /// <exception cref="ArgumentException">A row leaves its span.</exception>
    public static void Multiply(ReadOnlySpan<float> a, int lda, int rows, PackedFloatMatrix w, Span<float> c, int ldc)
    {
        ArgumentNullException.ThrowIfNull(w);
        MatrixProductArguments.Check(a.Length, lda, rows, w.Depth, w.Depth, c.Length, ldc, w.Outputs);
        if (Cpu.HasAvx512) Multiply<TileSet512<Fma512>>(a, lda, rows, w, c, ldc);
        else if (Cpu.HasAvx2) Multiply<TileSet256<Fma256>>(a, lda, rows, w, c, ldc);
        else if (Cpu.HasVector128) Multiply<TileSet128<Fma128>>(a, lda, rows, w, c, ldc);
        else MultiplyScalar(a, lda, rows, w, c, ldc);
    }

    private static unsafe void Multiply<TTiles>(ReadOnlySpan<float> a, int lda, int rows, PackedFloatMatrix w, Span<float> c, int ldc) where TTiles : ITileSet
    {
        fixed (float* pa = a, pw = w.Panels, pc = c)
            PanelProduct.Run<TTiles>((byte*)pa, (nint)lda * sizeof(float), rows, (int*)pw, w.Depth, w.Depth, w.Outputs, (int*)pc, ldc);
    }

    private static void MultiplyScalar(ReadOnlySpan<float> a, int lda, int rows, PackedFloatMatrix w, Span<float> c, int ldc)
    {
        Span<float> sums = stackalloc float[Panel.Width];
        for (var row = 0; row < rows; row++)
        {
            var x = a.Slice(row * lda, w.Depth);
            for (var first = 0; first < w.Outputs; first += Panel.Width)
            {
                sums.Clear();
                var panel = w.Panels.Slice(first * w.Depth, Panel.Width * w.Depth);
                for (var k = 0; k < x.Length; k++)
                {
                    for (var j = 0; j < sums.Length; j++)
                        sums[j] = MathF.FusedMultiplyAdd(x[k], panel[(k * Panel.Width) + j], sums[j]);
                }
                sums[..Math.Min(Panel.Width, w.Outputs - first)].CopyTo(c[((row * ldc) + first)..]);
            }
        }
    }
}
