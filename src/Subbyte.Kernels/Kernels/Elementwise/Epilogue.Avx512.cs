using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class Epilogue
{
    /// <summary>Outputs of a row from which on rows are walked one after the other: columns of long rows lie in few sets of the first cache.</summary>
    private const int LongRow = 96;

    /// <summary>Whole panels of 16 outputs; the result says how many outputs that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe nint Rows512(int* sums, nint ldSums, nint rows, nint outputs, int* offsets, float* scales, float* bias, float lowest, float highest, float* d, nint ldd)
    {
        if (outputs < LongRow) return Panels512(sums, ldSums, rows, outputs, offsets, scales, bias, lowest, highest, d, ldd);
        Vector512<float> low = Vector512.Create(lowest), high = Vector512.Create(highest);
        var end = outputs / Panel.Width * Panel.Width;
        for (; rows > 0; rows--, sums += ldSums, d += ldd)
        {
            for (nint m = 0; m < end; m += Panel.Width)
            {
                var sum = Vector512.Load(sums + m);
                if (offsets is not null) sum += Vector512.Load(offsets + m);
                var value = Avx512F.ConvertToVector512Single(sum) * Vector512.Load(scales + m);
                if (bias is not null) value += Vector512.Load(bias + m);
                Avx512F.Min(high, Avx512F.Max(low, value)).Store(d + m);
            }
        }

        return end;
    }

    /// <summary>Whole panels of 16 outputs, whose parameters stay in registers; the result says how many outputs that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe nint Panels512(int* sums, nint ldSums, nint rows, nint outputs, int* offsets, float* scales, float* bias, float lowest, float highest, float* d, nint ldd)
    {
        Vector512<float> low = Vector512.Create(lowest), high = Vector512.Create(highest);
        nint m = 0;
        for (; m <= outputs - Panel.Width; m += Panel.Width)
        {
            var offset = offsets is null ? Vector512<int>.Zero : Vector512.Load(offsets + m);
            var scale = Vector512.Load(scales + m);
            var sum = sums + m;
            var to = d + m;
            if (bias is null)
            {
                for (var row = rows; row > 0; row--, sum += ldSums, to += ldd)
                    Avx512F.Min(high, Avx512F.Max(low, Avx512F.ConvertToVector512Single(Vector512.Load(sum) + offset) * scale)).Store(to);
                continue;
            }

            var summand = Vector512.Load(bias + m);
            for (var row = rows; row > 0; row--, sum += ldSums, to += ldd)
                Avx512F.Min(high, Avx512F.Max(low, (Avx512F.ConvertToVector512Single(Vector512.Load(sum) + offset) * scale) + summand)).Store(to);
        }

        return m;
    }
}
