namespace Subbyte.Kernels;

/// <summary>Matrix products of unsigned 8-bit activations and signed 8-bit weights: <c>c[n,m] = Σk a[n,k] · w[m,k]</c>, exact in 32 bits.</summary>
/// <remarks>
/// No intermediate saturates, whatever the operands: the sums are exact while they fit 32 bits (always for <c>K ≤ 65,793</c>) and wrap
/// beyond.
/// </remarks>
public static partial class Int8Gemm
{
    /// <summary>Widened codes of one block of rows: 256 KiB.</summary>
    private const int CodesOfBlock = 1 << 17;

    private const int MinimumRowsOfBlock = 24;

    private const int RowsOfBlock = 192;

    /// <summary>From how many steps on, sums of 16 bits that are widened so often are faster than sums of 32 bits.</summary>
    private const int StepsWorthShortSums = 6;

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
    /// <param name="largestCode">
    /// What the caller knows of the codes of <paramref name="a"/>: none within <see cref="PackedInt8Matrix.Depth"/> is larger. Codes of fewer than
    /// eight bits are faster where AVX-VNNI is missing; a larger code would make the result undefined.
    /// </param>
    /// <exception cref="ArgumentException">A row leaves its span.</exception>
    public static void Multiply(ReadOnlySpan<byte> a, int lda, int rows, PackedInt8Matrix w, Span<int> c, int ldc, int largestCode = byte.MaxValue)
        => Multiply(a, lda, rows, w, c, ldc, largestCode, Cpu.HasAvxVnni);

    /// <summary>The same with or without AVX-VNNI, which some machines with AVX-512 lack.</summary>
    internal static void Multiply(ReadOnlySpan<byte> a, int lda, int rows, PackedInt8Matrix w, Span<int> c, int ldc, int largestCode, bool vnni)
    {
        ArgumentNullException.ThrowIfNull(w);
        MatrixProductArguments.Check(a.Length, lda, rows, w.Depth, w.PaddedDepth, c.Length, ldc, w.Outputs);
        var shortSteps = Math.Max(w.KnownStepsOfShortSum, StepsOfShortSum(w.LargestMagnitude, largestCode));
        switch (Choose(shortSteps, vnni))
        {
            case ProductKernel.ShortSums when Cpu.HasAvx512: Multiply<ShortTiles512>(a, lda, rows, w, c, ldc, shortSteps); break;
            case ProductKernel.ShortSums when Cpu.HasAvx2: Multiply<ShortTiles256>(a, lda, rows, w, c, ldc, shortSteps); break;
            case ProductKernel.ShortSums: Multiply<ShortTiles128>(a, lda, rows, w, c, ldc, shortSteps); break;
            case ProductKernel.Vnni: Multiply<TileSet256<Vnni256>>(a, lda, rows, w, c, ldc); break;
            case ProductKernel.SafeChain when Cpu.HasAvx512: Multiply<TileSet512<SafeChain512>>(a, lda, rows, w, c, ldc); break;
            case ProductKernel.SafeChain when Cpu.HasAvx2: Multiply<TileSet256<SafeChain256>>(a, lda, rows, w, c, ldc); break;
            case ProductKernel.SafeChain: Multiply<TileSet128<SafeChain128>>(a, lda, rows, w, c, ldc); break;
            case ProductKernel.Widened: MultiplyWidened(a, lda, rows, w, c, ldc); break;
            default: MultiplyScalar(a, lda, rows, w, c, ldc); break;
        }
    }

    /// <summary>The kernel that multiplies by some weights on this machine.</summary>
    /// <param name="largestWeight">Largest magnitude of a weight.</param>
    /// <param name="largestCode">Largest code of the activations.</param>
    /// <returns>The kernel.</returns>
    public static ProductKernel Kernel(int largestWeight, int largestCode = byte.MaxValue) => Choose(StepsOfShortSum(largestWeight, largestCode), Cpu.HasAvxVnni);

    /// <summary>512-bit sums of 16 bits take up to twice as many products a cycle as the 256-bit dot product of AVX-VNNI, 256-bit ones fewer.</summary>
    private static ProductKernel Choose(int shortSteps, bool vnni)
    {
        if (!Cpu.HasVector128) return ProductKernel.Scalar;
        var fewBits = shortSteps >= StepsWorthShortSums;
        if (vnni && !(fewBits && Cpu.HasAvx512)) return ProductKernel.Vnni;
        if (fewBits) return ProductKernel.ShortSums;
        return shortSteps > 0 ? ProductKernel.SafeChain : ProductKernel.Widened;
    }

    /// <summary>
    /// Steps of <c>vpmaddubsw</c> whose sum fits 16 bits: ⌊32767 / (2 · code · weight)⌋. At 0 a single step may saturate. Zeros in the padded part of the
    /// weights make its codes harmless, whatever they are.
    /// </summary>
    private static int StepsOfShortSum(int largestWeight, int largestCode) => short.MaxValue / Math.Max(1, 2 * largestCode * largestWeight);

    private static unsafe void Multiply<TTiles>(ReadOnlySpan<byte> a, int lda, int rows, PackedInt8Matrix w, Span<int> c, int ldc, int stepsOfShortSum = 0) where TTiles : ITileSet
    {
        fixed (byte* pa = a)
        fixed (sbyte* pw = w.Panels)
        fixed (int* pc = c)
            PanelProduct.Run<TTiles>(pa, lda, rows, (int*)pw, w.Steps, w.Steps, w.Outputs, pc, ldc, stepsOfShortSum);
    }

    /// <summary>Both operands in 16 bits, a block of rows at a time: exact for all operands, where nothing faster is.</summary>
    private static void MultiplyWidened(ReadOnlySpan<byte> a, int lda, int rows, PackedInt8Matrix w, Span<int> c, int ldc)
    {
        var wide = w.Widened;
        var length = wide.PaddedDepth;
        var blockRows = Math.Clamp(CodesOfBlock / Math.Max(1, length), MinimumRowsOfBlock, RowsOfBlock);
        var block = Scratch<short>.Rent(blockRows * length);
        for (var row = 0; row < rows; row += blockRows)
        {
            var count = Math.Min(blockRows, rows - row);
            if (lda == length)
            {
                CodeConversion.Widen(a.Slice(row * lda, count * length), block[..(count * length)]);
            }
            else
            {
                for (var i = 0; i < count; i++)
                    CodeConversion.Widen(a.Slice((row + i) * lda, length), block.Slice(i * length, length));
            }
            Int16Gemm.Multiply(block, length, count, wide, c[(row * ldc)..], ldc);
        }
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
