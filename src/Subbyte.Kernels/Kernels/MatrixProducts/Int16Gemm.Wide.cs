using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class Int16Gemm
{
    /// <summary>Most steps whose low halves sum to less than 2³², and whose high halves fit 32 bits.</summary>
    private const int StepsOfExactHalves = 1 << 16;

    /// <summary>From how many steps a chunk on, adding chunks in 64 bits costs less than a second product.</summary>
    private const int StepsWorthChunks = 4;

    /// <summary>Sums of one block of rows: 128 KiB.</summary>
    private const int SumsOfBlock = 1 << 15;

    /// <summary>Multiplies the rows of <paramref name="a"/> by packed weights into 64-bit sums, exact for every operand.</summary>
    /// <param name="a">As in <see cref="Multiply"/>.</param>
    /// <param name="lda">Elements from one row of <paramref name="a"/> to the next.</param>
    /// <param name="rows">Number of rows, ≥ 0.</param>
    /// <param name="w">Packed weights.</param>
    /// <param name="c">Result, overwritten; row <c>n</c> begins at <c>n · ldc</c>, elements between rows are left alone.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    /// <exception cref="ArgumentException">A row leaves its span.</exception>
    public static void MultiplyWide(ReadOnlySpan<short> a, int lda, int rows, PackedInt16Matrix w, Span<long> c, int ldc)
    {
        ArgumentNullException.ThrowIfNull(w);
        MatrixProductArguments.Check(a.Length, lda, rows, w.Depth, w.PaddedDepth, c.Length, ldc, w.Outputs);
        var vector = FitsHalves(w);
        if (vector && Cpu.HasAvx512) MultiplyWide<TileSet512<Chain512>, TileSet512<HighHalves512>>(a, lda, rows, w, c, ldc);
        else if (vector && Cpu.HasAvx2) MultiplyWide<TileSet256<Chain256>, TileSet256<HighHalves256>>(a, lda, rows, w, c, ldc);
        else if (vector && Cpu.HasVector128) MultiplyWide<TileSet128<Chain128>, TileSet128<HighHalves128>>(a, lda, rows, w, c, ldc);
        else MultiplyWideScalar(a, lda, rows, w, c, ldc);
    }

    /// <summary>Whether halves are exact: a panel beyond the limit of steps, or a step that may exceed 32 bits by itself, is left to the plain form.</summary>
    private static bool FitsHalves(PackedInt16Matrix w) => w.Steps <= StepsOfExactHalves && !w.HasMinimumPair;

    private static void MultiplyWideScalar(ReadOnlySpan<short> a, int lda, int rows, PackedInt16Matrix w, Span<long> c, int ldc)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var output = 0; output < w.Outputs; output++)
                c[(row * ldc) + output] = Dot(a.Slice(row * lda, w.Depth), w, output);
        }
    }

    private static unsafe void MultiplyWide<TChain, THighHalves>(ReadOnlySpan<short> a, int lda, int rows, PackedInt16Matrix w, Span<long> c, int ldc)
        where TChain : ITileSet where THighHalves : ITileSet
    {
        if (rows == 0 || w.Outputs == 0) return;
        var outputs = w.Outputs;
        var blockRows = Math.Min(rows, Math.Max(1, SumsOfBlock / outputs));
        var sums = Scratch<int>.Rent(2 * blockRows * outputs);
        var exactSteps = StepsOfExactSum(w);
        fixed (short* pa = a, panels = w.Panels)
        fixed (int* p = sums)
        fixed (long* pc = c)
        {
            for (var row = 0; row < rows; row += blockRows)
            {
                var count = Math.Min(blockRows, rows - row);
                var block = (byte*)(pa + ((nint)row * lda));
                if (exactSteps >= StepsWorthChunks)
                    AddChunks<TChain>(block, (nint)lda * sizeof(short), count, (int*)panels, w.Steps, exactSteps, outputs, p, pc + ((nint)row * ldc), ldc);
                else
                    JoinHalves<TChain, THighHalves>(block, (nint)lda * sizeof(short), count, (int*)panels, w.Steps, outputs, p, pc + ((nint)row * ldc), ldc);
            }
        }
    }

    /// <summary>Steps whose 32-bit sum is exact for every activation: each is at most 2 · 32768 · the largest weight.</summary>
    private static int StepsOfExactSum(PackedInt16Matrix w) => short.MaxValue / Math.Max(1, w.LargestMagnitude);

    /// <summary>Chunks of <c>k</c> that fit 32 bits, added in 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void AddChunks<TChain>(byte* a, nint lda, int rows, int* panels, int allSteps, int chunk, int outputs, int* sums, long* c, nint ldc) where TChain : ITileSet
    {
        for (var step = 0; step == 0 || step < allSteps; step += chunk)
        {
            var steps = Math.Min(chunk, allSteps - step);
            PanelProduct.Run<TChain>(a + ((nint)step * sizeof(int)), lda, rows, panels + ((nint)step * Panel.Width), allSteps, steps, outputs, sums, outputs);
            for (var row = 0; row < rows; row++)
            {
                int* from = sums + ((nint)row * outputs), end = from + outputs;
                var to = c + (row * ldc);
                if (step == 0)
                {
                    while (from < end) *to++ = *from++;
                }
                else
                {
                    while (from < end) *to++ += *from++;
                }
            }
        }
    }

    /// <summary>
    /// Two products: the sum modulo 2³² and the sum of the steps' high halves, ⌊step / 2¹⁶⌋. What the high halves leave over is a sum of
    /// low halves, below 2³² for up to 2¹⁶ steps, so the sum modulo 2³² gives it exactly.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void JoinHalves<TChain, THighHalves>(byte* a, nint lda, int rows, int* panels, int steps, int outputs, int* sums, long* c, nint ldc)
        where TChain : ITileSet where THighHalves : ITileSet
    {
        var high = sums + ((nint)rows * outputs);
        PanelProduct.Run<TChain>(a, lda, rows, panels, steps, steps, outputs, sums, outputs);
        PanelProduct.Run<THighHalves>(a, lda, rows, panels, steps, steps, outputs, high, outputs);
        Join(sums, high, rows, outputs, c, ldc);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Join(int* sums, int* high, int rows, int outputs, long* c, nint ldc)
    {
        for (; rows > 0; rows--, sums += outputs, high += outputs, c += ldc)
        {
            var m = 0;
            if (Cpu.HasAvx512)
            {
                for (; m <= outputs - Vector512<long>.Count; m += Vector512<long>.Count)
                {
                    var h = Vector256.Load(high + m);
                    var low = (Vector256.Load(sums + m) - (h << 16)).AsUInt32();
                    ((Avx512F.ConvertToVector512Int64(h) << 16) + Avx512F.ConvertToVector512UInt64(low).AsInt64()).Store(c + m);
                }
            }
            else if (Cpu.HasAvx2)
            {
                for (; m <= outputs - Vector256<long>.Count; m += Vector256<long>.Count)
                {
                    var h = Vector128.Load(high + m);
                    var low = (Vector128.Load(sums + m) - (h << 16)).AsUInt32();
                    ((Avx2.ConvertToVector256Int64(h) << 16) + Avx2.ConvertToVector256Int64(low)).Store(c + m);
                }
            }

            for (; m < outputs; m++) c[m] = ((long)high[m] << 16) + (uint)(sums[m] - (high[m] << 16));
        }
    }
}
