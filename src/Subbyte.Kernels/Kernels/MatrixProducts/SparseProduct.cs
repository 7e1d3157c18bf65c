using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>
/// Products of unsigned 8-bit activations and the few signed 8-bit weights that are not zero, added to sums: <c>c[m,n] += Σk a[k,n] · w[m,k]</c>.
/// Vectors go over positions, whose codes lie side by side, so that each weight costs only its own products. Exact.
/// </summary>
public static partial class SparseProduct
{
    private const int Block = PlaneMap.PositionsOfBlock;

    /// <summary>Adds products.</summary>
    /// <param name="a">Codes: that of element k at position n lies at the offset of k plus n. What lies up to the end of the last block of 64 positions is read.</param>
    /// <param name="w">Packed weights.</param>
    /// <param name="positions">Positions, ≥ 0.</param>
    /// <param name="c">Sums of each output; blocks of 64 positions are written whole.</param>
    /// <param name="ldc">Elements from one output's sums to the next's, at least the positions rounded up to blocks.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static unsafe void Add(ReadOnlySpan<byte> a, SparseInt8Matrix w, int positions, Span<int> c, int ldc)
    {
        ArgumentNullException.ThrowIfNull(w);
        var blocks = (positions + Block - 1) / Block;
        var length = (long)blocks * Block;
        if (blocks <= 0 || w.Outputs == 0) return;
        if (a.Length < w.Reach + length || ldc < length || c.Length < ((long)(w.Outputs - 1) * ldc) + length)
            throw new ArgumentException($"{a.Length} codes and {c.Length} sums with stride {ldc} do not serve {w.Outputs} outputs at {positions} positions", nameof(a));
        fixed (byte* pa = a)
        fixed (int* pc = c, offsets = w.Offsets)
        fixed (short* weights = w.Weights)
        {
            for (nint block = 0; block < length; block += Block)
            {
                for (var output = 0; output < w.Outputs; output++)
                {
                    int first = w.Starts[output], pairs = w.Starts[output + 1] - first;
                    if (pairs > 0) AddBlock(pa + block, offsets + (2 * (nint)first), weights + first, pairs, w.ShortPairs, pc + ((nint)output * ldc) + block);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void AddBlock(byte* a, int* offsets, short* weights, int pairs, int shortPairs, int* c)
    {
        if (Cpu.HasAvx512) AddBlock512(a, offsets, weights, pairs, shortPairs, c);
        else if (Cpu.HasAvx2) AddBlock256(a, offsets, weights, pairs, shortPairs, c);
        else if (Cpu.HasVector128) AddBlock128(a, offsets, weights, pairs, shortPairs, c);
        else AddBlockScalar(a, offsets, weights, pairs, c);
    }

    private static unsafe void AddBlockScalar(byte* a, int* offsets, short* weights, int pairs, int* c)
    {
        for (var pair = 0; pair < pairs; pair++)
        {
            byte* x0 = a + offsets[2 * pair], x1 = a + offsets[(2 * pair) + 1];
            int w0 = (sbyte)weights[pair], w1 = weights[pair] >> 8;
            for (var n = 0; n < Block; n++) c[n] += (x0[n] * w0) + (x1[n] * w1);
        }
    }
}
