namespace Subbyte.Kernels;

/// <summary>Matrix products of signed 16-bit operands: <c>c[n,m] = Σk a[n,k] · w[m,k]</c>.</summary>
public static partial class Int16Gemm
{
    /// <summary>Multiplies the rows of <paramref name="a"/> by packed weights into 32-bit sums, which wrap: exact when the true sums fit.</summary>
    /// <param name="a">
    /// Row-major matrix of <paramref name="rows"/> rows; row <c>n</c> begins at <c>n · lda</c> and has <see cref="PackedInt16Matrix.PaddedDepth"/>
    /// readable elements, of which those past <see cref="PackedInt16Matrix.Depth"/> may have any value.
    /// </param>
    /// <param name="lda">Elements from one row of <paramref name="a"/> to the next.</param>
    /// <param name="rows">Number of rows, ≥ 0.</param>
    /// <param name="w">Packed weights.</param>
    /// <param name="c">Result, overwritten; row <c>n</c> begins at <c>n · ldc</c>, elements between rows are left alone.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    /// <exception cref="ArgumentException">A row leaves its span.</exception>
    public static void Multiply(ReadOnlySpan<short> a, int lda, int rows, PackedInt16Matrix w, Span<int> c, int ldc)
    {
        ArgumentNullException.ThrowIfNull(w);
        MatrixProductArguments.Check(a.Length, lda, rows, w.Depth, w.PaddedDepth, c.Length, ldc, w.Outputs);
        if (Cpu.HasAvx512) Multiply<TileSet512<Chain512>>(a, lda, rows, w, c, ldc);
        else if (Cpu.HasAvxVnni) Multiply<TileSet256<Vnni256>>(a, lda, rows, w, c, ldc);
        else if (Cpu.HasAvx2) Multiply<TileSet256<Chain256>>(a, lda, rows, w, c, ldc);
        else if (Cpu.HasVector128) Multiply<TileSet128<Chain128>>(a, lda, rows, w, c, ldc);
        else MultiplyScalar(a, lda, rows, w, c, ldc);
    }

    private static unsafe void Multiply<TTiles>(ReadOnlySpan<short> a, int lda, int rows, PackedInt16Matrix w, Span<int> c, int ldc) where TTiles : ITileSet
    {
        fixed (short* pa = a, pw = w.Panels)
        fixed (int* pc = c)
            PanelProduct.Run<TTiles>((byte*)pa, (nint)lda * sizeof(short), rows, (int*)pw, w.Steps, w.Steps, w.Outputs, pc, ldc);
    }

    private static void MultiplyScalar(ReadOnlySpan<short> a, int lda, int rows, PackedInt16Matrix w, Span<int> c, int ldc)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var output = 0; output < w.Outputs; output++)
                c[(row * ldc) + output] = (int)Dot(a.Slice(row * lda, w.Depth), w, output);
        }
    }

    private static long Dot(ReadOnlySpan<short> x, PackedInt16Matrix w, int output)
    {
        const int step = PackedInt16Matrix.Step;
        var panel = w.Panels.Slice(output / Panel.Width * Panel.Width * w.PaddedDepth, Panel.Width * w.PaddedDepth);
        var lane = output % Panel.Width * step;
        var sum = 0L;
        for (var k = 0; k < x.Length; k++)
            sum += (long)x[k] * panel[(k / step * Panel.Width * step) + lane + (k % step)];
        return sum;
    }
}
