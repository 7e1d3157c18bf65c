using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>
/// What follows a matrix product of codes: <c>d[n,m] = clamp((float)(sums[n,m] + offsets[m]) · scales[m] + bias[m])</c>, each operation rounded
/// to float32 by itself (never fused).
/// </summary>
public static partial class Epilogue
{
    /// <summary>From 32-bit sums; sum plus offset wraps beyond 32 bits.</summary>
    /// <param name="sums">Sums; row <c>n</c> begins at <c>n · ldSums</c>.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="outputs">Outputs of one row.</param>
    /// <param name="ldSums">Elements from one row of <paramref name="sums"/> to the next.</param>
    /// <param name="offsets">One integer per output, or empty for none.</param>
    /// <param name="scales">One scale per output.</param>
    /// <param name="bias">One bias per output, or empty: then nothing is added.</param>
    /// <param name="lowest">Lower end of the clamp (0 for ReLU, −∞ for none).</param>
    /// <param name="highest">Upper end of the clamp (6 for ReLU6, +∞ for none).</param>
    /// <param name="d">Result; row <c>n</c> begins at <c>n · ldd</c>.</param>
    /// <param name="ldd">Elements from one row of <paramref name="d"/> to the next.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static unsafe void Dequantize(ReadOnlySpan<int> sums, int rows, int outputs, int ldSums, ReadOnlySpan<int> offsets, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, float lowest, float highest, Span<float> d, int ldd)
    {
        Check(sums.Length, rows, outputs, ldSums, offsets.Length, scales.Length, bias.Length, d.Length, ldd);
        fixed (int* ps = sums, po = offsets)
        fixed (float* pscales = scales, pb = bias, pd = d)
        {
            nint done = Cpu.HasAvx512 ? Rows512(ps, ldSums, rows, outputs, po, pscales, pb, lowest, highest, pd, ldd) : 0;
            var rest = new RowOperands((float*)ps + done, pscales + done, pb is null ? null : pb + done, po is null ? null : po + done, lowest, highest);
            RowLoop.Run<DequantizeOperator>(rest, ldSums, pd + done, ldd, done == outputs ? 0 : rows, outputs - done);
        }
    }

    /// <summary>From 64-bit sums.</summary>
    /// <param name="sums">Sums; row <c>n</c> begins at <c>n · ldSums</c>.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="outputs">Outputs of one row.</param>
    /// <param name="ldSums">Elements from one row of <paramref name="sums"/> to the next.</param>
    /// <param name="offsets">One integer per output, or empty for none.</param>
    /// <param name="scales">One scale per output.</param>
    /// <param name="bias">One bias per output, or empty: then nothing is added.</param>
    /// <param name="lowest">Lower end of the clamp (0 for ReLU, −∞ for none).</param>
    /// <param name="highest">Upper end of the clamp (6 for ReLU6, +∞ for none).</param>
    /// <param name="d">Result; row <c>n</c> begins at <c>n · ldd</c>.</param>
    /// <param name="ldd">Elements from one row of <paramref name="d"/> to the next.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void Dequantize(ReadOnlySpan<long> sums, int rows, int outputs, int ldSums, ReadOnlySpan<long> offsets, ReadOnlySpan<float> scales, ReadOnlySpan<float> bias, float lowest, float highest, Span<float> d, int ldd)
    {
        Check(sums.Length, rows, outputs, ldSums, offsets.Length, scales.Length, bias.Length, d.Length, ldd);
        var done = Cpu.HasAvx512 ? Wide512(sums, rows, outputs, ldSums, offsets, scales, bias, lowest, highest, d, ldd) : Cpu.HasAvx2 ? Wide256(sums, rows, outputs, ldSums, offsets, scales, bias, lowest, highest, d, ldd)
            : Cpu.HasVector128 ? Wide128(sums, rows, outputs, ldSums, offsets, scales, bias, lowest, highest, d, ldd) : 0;
        for (var row = 0; row < rows && done < outputs; row++)
        {
            for (var m = done; m < outputs; m++)
            {
                var sum = sums[(row * ldSums) + m] + (offsets.IsEmpty ? 0 : offsets[m]);
                d[(row * ldd) + m] = Finish(sum, scales[m], bias, m, lowest, highest);
            }
        }
    }

    private static float Finish(float sum, float scale, ReadOnlySpan<float> bias, int m, float lowest, float highest)
    {
        var value = sum * scale;
        if (!bias.IsEmpty) value += bias[m];
        return Elementwise.Clamp(new ScalarLane(value), lowest, highest).Value;
    }

    /// <summary>X: sums, Y: scales, Z: bias or null, offsets or null.</summary>
    private readonly unsafe struct DequantizeOperator : IRowOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(RowOperands o, nint i) where T : struct, IFloatLanes<T>
        {
            var sum = T.Load(o.X + i);
            if (o.Offsets is not null) sum = T.AddInt32(sum, T.Load((float*)o.Offsets + i));
            var value = T.FromInt32(sum) * T.Load(o.Y + i);
            if (o.Z is not null) value += T.Load(o.Z + i);
            return Elementwise.Clamp(value, o.Lowest, o.Highest);
        }
    }

    private static void Check(int sums, int rows, int outputs, int ldSums, int offsets, int scales, int bias, int d, int ldd)
    {
        MatrixProductArguments.Check(sums, ldSums, rows, outputs, outputs, d, ldd, outputs);
        if ((offsets != 0 && offsets < outputs) || scales < outputs || (bias != 0 && bias < outputs))
            throw new ArgumentException($"{offsets} offsets, {scales} scales and {bias} biases do not serve {outputs} outputs", nameof(outputs));
    }
}
