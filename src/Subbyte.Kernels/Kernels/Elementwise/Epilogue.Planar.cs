using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class Epilogue
{
    /// <summary>The same with outputs one after the other: <c>d[m · stride + n]</c>.</summary>
    /// <param name="sums">Sums; row <c>n</c> begins at <c>n · ldSums</c>.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="outputs">Outputs of one row.</param>
    /// <param name="ldSums">Elements from one row of <paramref name="sums"/> to the next.</param>
    /// <param name="offsets">One integer per output, or empty for none.</param>
    /// <param name="scales">One scale per output.</param>
    /// <param name="bias">One bias per output, or empty: then nothing is added.</param>
    /// <param name="lowest">Lower end of the clamp (0 for ReLU, −∞ for none).</param>
    /// <param name="highest">Upper end of the clamp (6 for ReLU6, +∞ for none).</param>
    /// <param name="block">Room for <paramref name="rows"/> · <paramref name="outputs"/> numbers.</param>
    /// <param name="d">Result; output <c>m</c> begins at <c>m · stride</c>.</param>
    /// <param name="stride">Elements from one output of <paramref name="d"/> to the next, at least <paramref name="rows"/>.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static unsafe void DequantizePlanar(ReadOnlySpan<int> sums, int rows, int outputs, int ldSums, ReadOnlySpan<int> offsets, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, float lowest, float highest, Span<float> block, Span<float> d, int stride)
    {
        var lanes = Cpu.HasAvx512 ? Vector512<float>.Count : Vector256<float>.Count;
        if (!Cpu.HasAvx2 || rows < lanes || outputs % Columns != 0)
        {
            Dequantize(sums, rows, outputs, ldSums, offsets, scales, bias, lowest, highest, block, outputs);
            Transposition.Run(block, outputs, rows, outputs, d, stride);
            return;
        }

        Check(sums.Length, rows, outputs, ldSums, offsets.Length, scales.Length, bias.Length, sums.Length, ldSums);
        if (stride < rows || ((long)(outputs - 1) * stride) + rows > d.Length) throw new ArgumentException($"{d.Length} numbers do not hold {outputs} outputs of {rows} rows with stride {stride}", nameof(d));
        fixed (int* ps = sums, po = offsets)
        fixed (float* pscales = scales, pb = bias, pd = d)
        {
            if (Cpu.HasAvx512) Planar512(ps, ldSums, rows, outputs, po, pscales, pb, lowest, highest, pd, stride);
            else Planar256(ps, ldSums, rows, outputs, po, pscales, pb, lowest, highest, pd, stride);
        }
    }

    /// <summary>Outputs that are transposed together.</summary>
    private const int Columns = 4;

    /// <summary>Sixteen rows by four outputs at a time: a vector takes four sums of every fourth row, so that neighbours end up in order when its quarters are transposed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Planar512(int* sums, nint ldSums, nint rows, nint outputs, int* offsets, float* scales, float* bias, float lowest, float highest, float* d, nint stride)
    {
        Vector512<float> low = Vector512.Create(lowest), high = Vector512.Create(highest);
        for (nint row = 0; row < rows; row += Vector512<int>.Count)
        {
            // The last rows are done twice where they are no whole vector.
            var first = Math.Min(row, rows - Vector512<int>.Count);
            for (nint m = 0; m < outputs; m += Columns)
            {
                var from = sums + (first * ldSums) + m;
                Vector512<int> r0 = Quarters512(from, ldSums), r1 = Quarters512(from + ldSums, ldSums), r2 = Quarters512(from + (2 * ldSums), ldSums), r3 = Quarters512(from + (3 * ldSums), ldSums);
                Vector512<long> low01 = Avx512F.UnpackLow(r0, r1).AsInt64(), low23 = Avx512F.UnpackLow(r2, r3).AsInt64();
                Vector512<long> high01 = Avx512F.UnpackHigh(r0, r1).AsInt64(), high23 = Avx512F.UnpackHigh(r2, r3).AsInt64();
                var to = d + (m * stride) + first;
                Finish512(Avx512F.UnpackLow(low01, low23).AsInt32(), offsets, scales, bias, m, low, high).Store(to);
                Finish512(Avx512F.UnpackHigh(low01, low23).AsInt32(), offsets, scales, bias, m + 1, low, high).Store(to + stride);
                Finish512(Avx512F.UnpackLow(high01, high23).AsInt32(), offsets, scales, bias, m + 2, low, high).Store(to + (2 * stride));
                Finish512(Avx512F.UnpackHigh(high01, high23).AsInt32(), offsets, scales, bias, m + 3, low, high).Store(to + (3 * stride));
            }
        }
    }

    /// <summary>Eight rows by four outputs, as <see cref="Planar512"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Planar256(int* sums, nint ldSums, nint rows, nint outputs, int* offsets, float* scales, float* bias, float lowest, float highest, float* d, nint stride)
    {
        Vector256<float> low = Vector256.Create(lowest), high = Vector256.Create(highest);
        for (nint row = 0; row < rows; row += Vector256<int>.Count)
        {
            // The last rows are done twice where they are no whole vector.
            var first = Math.Min(row, rows - Vector256<int>.Count);
            for (nint m = 0; m < outputs; m += Columns)
            {
                var from = sums + (first * ldSums) + m;
                Vector256<int> r0 = Halves256(from, ldSums), r1 = Halves256(from + ldSums, ldSums), r2 = Halves256(from + (2 * ldSums), ldSums), r3 = Halves256(from + (3 * ldSums), ldSums);
                Vector256<long> low01 = Avx2.UnpackLow(r0, r1).AsInt64(), low23 = Avx2.UnpackLow(r2, r3).AsInt64();
                Vector256<long> high01 = Avx2.UnpackHigh(r0, r1).AsInt64(), high23 = Avx2.UnpackHigh(r2, r3).AsInt64();
                var to = d + (m * stride) + first;
                Finish256(Avx2.UnpackLow(low01, low23).AsInt32(), offsets, scales, bias, m, low, high).Store(to);
                Finish256(Avx2.UnpackHigh(low01, low23).AsInt32(), offsets, scales, bias, m + 1, low, high).Store(to + stride);
                Finish256(Avx2.UnpackLow(high01, high23).AsInt32(), offsets, scales, bias, m + 2, low, high).Store(to + (2 * stride));
                Finish256(Avx2.UnpackHigh(high01, high23).AsInt32(), offsets, scales, bias, m + 3, low, high).Store(to + (3 * stride));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> Quarters512(int* sums, nint ldSums) => Vector512.Create(Halves256(sums, ldSums), Halves256(sums + (8 * ldSums), ldSums));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<int> Halves256(int* sums, nint ldSums) => Vector256.Create(Vector128.Load(sums), Vector128.Load(sums + (4 * ldSums)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<float> Finish512(Vector512<int> sums, int* offsets, float* scales, float* bias, nint m, Vector512<float> low, Vector512<float> high)
    {
        if (offsets is not null) sums += Vector512.Create(offsets[m]);
        var value = Avx512F.ConvertToVector512Single(sums) * Vector512.Create(scales[m]);
        if (bias is not null) value += Vector512.Create(bias[m]);
        return Avx512F.Min(high, Avx512F.Max(low, value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<float> Finish256(Vector256<int> sums, int* offsets, float* scales, float* bias, nint m, Vector256<float> low, Vector256<float> high)
    {
        if (offsets is not null) sums += Vector256.Create(offsets[m]);
        var value = Avx.ConvertToVector256Single(sums) * Vector256.Create(scales[m]);
        if (bias is not null) value += Vector256.Create(bias[m]);
        return Avx.Min(high, Avx.Max(low, value));
    }
}
