using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>Packs the integer sums of a product straight into codes of the next: each output has the sums at which its code changes.</summary>
public static class SumPacking
{
    private const int BytesOfVector = 32;
    private const int BytesOfHalf = 16;

    /// <summary>Bit 1 where a sum reaches the threshold of its output; the other way round where the output is flipped.</summary>
    /// <param name="sums">Sums [row][output], without gaps.</param>
    /// <param name="thresholds">A threshold an output.</param>
    /// <param name="flips">Bits of flipped outputs, a word for 32.</param>
    /// <param name="words">Takes the words of each row, as <see cref="BitPacking.Binary"/> writes them.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static unsafe void Binary(ReadOnlySpan<int> sums, ReadOnlySpan<int> thresholds, ReadOnlySpan<uint> flips, Span<uint> words)
    {
        CheckPlanes(sums.Length, thresholds.Length, thresholds.Length, flips.Length, words.Length);
        fixed (int* ps = sums, pt = thresholds)
        fixed (uint* pf = flips, pw = words) Planes(ps, sums.Length / Math.Max(1, thresholds.Length), thresholds.Length, null, pt, pf, pw);
    }

    /// <summary>+1 where a sum reaches the upper threshold of its output, −1 where it lies below the lower one; negated where the output is flipped.</summary>
    /// <param name="sums">Sums [row][output], without gaps.</param>
    /// <param name="low">The lower threshold of each output.</param>
    /// <param name="high">The upper threshold of each output, at least the lower one.</param>
    /// <param name="flips">Bits of flipped outputs, a word for 32.</param>
    /// <param name="words">Takes the words of each row, as <see cref="BitPacking.Ternary"/> writes them.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static unsafe void Ternary(ReadOnlySpan<int> sums, ReadOnlySpan<int> low, ReadOnlySpan<int> high, ReadOnlySpan<uint> flips, Span<uint> words)
    {
        CheckPlanes(sums.Length, high.Length, low.Length, flips.Length, words.Length / 2);
        fixed (int* ps = sums, pl = low, ph = high)
        fixed (uint* pf = flips, pw = words) Planes(ps, sums.Length / Math.Max(1, high.Length), high.Length, pl, ph, pf, pw);
    }

    /// <summary>The first code of an output and one step more for each threshold that a sum reaches.</summary>
    /// <param name="sums">Sums [row][output], without gaps.</param>
    /// <param name="thresholds">Thresholds [level][output].</param>
    /// <param name="first">The code of each output below its thresholds, 0 to 255.</param>
    /// <param name="steps">1 or −1 of each output.</param>
    /// <param name="codes">Takes a byte a sum.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Bytes(ReadOnlySpan<int> sums, ReadOnlySpan<int> thresholds, ReadOnlySpan<int> first, ReadOnlySpan<int> steps, Span<byte> codes)
    {
        var outputs = first.Length;
        if (outputs == 0 || sums.Length % outputs != 0 || thresholds.Length % outputs != 0 || steps.Length != outputs || codes.Length < sums.Length)
            throw new ArgumentException($"{thresholds.Length} thresholds of {outputs} outputs do not take {sums.Length} sums to {codes.Length} codes", nameof(sums));
        var levels = thresholds.Length / outputs;
        fixed (int* ps = sums, pt = thresholds, pf = first, pstep = steps)
        fixed (byte* pc = codes)
        {
            int* s = ps;
            var to = pc;
            for (var end = ps + sums.Length; s < end; s += outputs, to += outputs)
            {
                var m = 0;
                if (Cpu.HasVector128)
                {
                    for (; m <= outputs - BytesOfVector; m += BytesOfVector)
                    {
                        var low = Vector256.Narrow(Eight(s, pt, pf, pstep, m, outputs, levels), Eight(s, pt, pf, pstep, m + 8, outputs, levels));
                        var high = Vector256.Narrow(Eight(s, pt, pf, pstep, m + 16, outputs, levels), Eight(s, pt, pf, pstep, m + 24, outputs, levels));
                        Vector256.Narrow(low.AsUInt16(), high.AsUInt16()).Store(to + m);
                    }

                    for (; m <= outputs - BytesOfHalf; m += BytesOfHalf)
                    {
                        var half = Vector256.Narrow(Eight(s, pt, pf, pstep, m, outputs, levels), Eight(s, pt, pf, pstep, m + 8, outputs, levels)).AsUInt16();
                        Vector128.Narrow(half.GetLower(), half.GetUpper()).Store(to + m);
                    }
                }

                for (; m < outputs; m++)
                {
                    var code = pf[m];
                    for (var k = 0; k < levels; k++) code += s[m] >= pt[(k * outputs) + m] ? pstep[m] : 0;
                    to[m] = (byte)code;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<int> Eight(int* sums, int* thresholds, int* first, int* steps, nint m, nint outputs, int levels)
    {
        var sum = Vector256.Load(sums + m);
        Vector256<int> code = Vector256.Load(first + m), step = Vector256.Load(steps + m);
        for (var k = 0; k < levels; k++, thresholds += outputs) code += Vector256.GreaterThanOrEqual(sum, Vector256.Load(thresholds + m)) & step;
        return code;
    }

    /// <summary>Rows of words: of one plane without lower thresholds, otherwise of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Planes(int* sums, nint rows, nint outputs, int* low, int* high, uint* flips, uint* words)
    {
        if (outputs % BitPacking.WordBits == 0 && Cpu.HasAvx2)
        {
            if (low is null) WholeWords(sums, rows, outputs, high, flips, words);
            else WholePairs(sums, rows, outputs, low, high, flips, words);
            return;
        }

        for (; rows > 0; rows--, sums += outputs)
        {
            for (nint c = 0; c < outputs; c += BitPacking.WordBits)
            {
                var count = Math.Min(BitPacking.WordBits, outputs - c);
                var (reached, flip) = (Word(sums + c, high + c, count), flips[c / BitPacking.WordBits]);
                if (low is null)
                {
                    *words++ = reached ^ flip;
                    continue;
                }

                var below = Word(sums + c, low + c, count) ^ (uint.MaxValue >> (int)(BitPacking.WordBits - count));
                *words++ = reached | below;
                *words++ = (below & ~flip) | (reached & flip);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void WholeWords(int* sums, nint rows, nint outputs, int* thresholds, uint* flips, uint* words)
    {
        for (; rows > 0; rows--, sums += outputs)
        {
            for (nint c = 0; c < outputs; c += BitPacking.WordBits) *words++ = Word(sums + c, thresholds + c) ^ flips[c / BitPacking.WordBits];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void WholePairs(int* sums, nint rows, nint outputs, int* low, int* high, uint* flips, uint* words)
    {
        for (; rows > 0; rows--, sums += outputs)
        {
            for (nint c = 0; c < outputs; c += BitPacking.WordBits, words += 2)
            {
                uint reached = Word(sums + c, high + c), below = ~Word(sums + c, low + c), flip = flips[c / BitPacking.WordBits];
                words[0] = reached | below;
                words[1] = (below & ~flip) | (reached & flip);
            }
        }
    }

    /// <summary>Bits of 32 sums that reach their thresholds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe uint Word(int* sums, int* thresholds)
    {
        if (Cpu.HasAvx512)
        {
            return (uint)Vector512.GreaterThanOrEqual(Vector512.Load(sums), Vector512.Load(thresholds)).ExtractMostSignificantBits()
                | ((uint)Vector512.GreaterThanOrEqual(Vector512.Load(sums + 16), Vector512.Load(thresholds + 16)).ExtractMostSignificantBits() << 16);
        }

        // A sum reaches its threshold where that is not greater, which is one comparison.
        uint word = 0;
        for (var i = 0; i < BitPacking.WordBits; i += Vector256<int>.Count)
            word |= Vector256.GreaterThan(Vector256.Load(thresholds + i), Vector256.Load(sums + i)).ExtractMostSignificantBits() << i;
        return ~word;
    }

    /// <summary>Bits of up to 32 sums that reach their thresholds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe uint Word(int* sums, int* thresholds, nint count)
    {
        uint word = 0;
        nint i = 0;
        if (Cpu.HasAvx512)
        {
            for (; i <= count - Vector512<int>.Count; i += Vector512<int>.Count)
                word |= (uint)Vector512.GreaterThanOrEqual(Vector512.Load(sums + i), Vector512.Load(thresholds + i)).ExtractMostSignificantBits() << (int)i;
        }

        if (Cpu.HasAvx2)
        {
            for (; i <= count - Vector256<int>.Count; i += Vector256<int>.Count)
                word |= Vector256.GreaterThanOrEqual(Vector256.Load(sums + i), Vector256.Load(thresholds + i)).ExtractMostSignificantBits() << (int)i;
        }

        if (Cpu.HasVector128)
        {
            for (; i <= count - Vector128<int>.Count; i += Vector128<int>.Count)
                word |= Vector128.GreaterThanOrEqual(Vector128.Load(sums + i), Vector128.Load(thresholds + i)).ExtractMostSignificantBits() << (int)i;
        }

        for (; i < count; i++) word |= sums[i] >= thresholds[i] ? 1u << (int)i : 0;
        return word;
    }

    private static void CheckPlanes(int sums, int outputs, int low, int flips, int words)
    {
        if (outputs == 0 || sums % outputs != 0 || low != outputs || flips < BitPacking.Words(outputs) || words < (long)sums / outputs * BitPacking.Words(outputs))
            throw new ArgumentException($"thresholds of {outputs} outputs do not take {sums} sums to {words} words a plane", nameof(sums));
    }
}
