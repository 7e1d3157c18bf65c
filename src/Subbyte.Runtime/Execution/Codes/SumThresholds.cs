using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>
/// The integer sums at which the code of each output changes. They are found by bisection over the very operations of a run, so that the codes are the same;
/// a run only compares.
/// </summary>
internal sealed class SumThresholds
{
    // Each takes a comparison of every sum; more cost as much as scaling and rounding.
    private const int MostLevels = 4;

    private readonly int _planes;
    private readonly int[] _first;
    private readonly int[] _steps;
    private readonly int[] _levels;
    private readonly int[] _low = [];
    private readonly int[] _high = [];
    private readonly uint[] _flips = [];

    private SumThresholds(int planes, int[] first, int[] steps, int[] levels)
    {
        (_planes, _first, _steps, _levels) = (planes, first, steps, levels);
        if (planes == 0) return;
        var outputs = first.Length;
        (_low, _high, _flips) = (new int[outputs], new int[outputs], new uint[BitPacking.Words(outputs)]);
        for (var m = 0; m < outputs; m++)
        {
            // Of one plane, codes 1 are those of sums below a threshold; of two, codes are negated.
            var flipped = planes == 1 ? first[m] == 1 : steps[m] < 0;
            if (flipped) _flips[m / BitPacking.WordBits] |= 1u << (m % BitPacking.WordBits);
            if (planes == 1) (_low[m], _high[m]) = (int.MinValue, Begin(levels, outputs, m, 1));
            else (_low[m], _high[m]) = (Begin(levels, outputs, m, -steps[m] * first[m]), Begin(levels, outputs, m, 1 - (steps[m] * first[m])));
        }
    }

    /// <summary>Finds the thresholds.</summary>
    /// <param name="chain">What becomes of sums; monotone.</param>
    /// <param name="form">What codes are made of the values.</param>
    /// <returns>The thresholds, or null where there are too many levels, or codes that do not ascend.</returns>
    public static SumThresholds? Find(SumChain chain, CodeForm form)
    {
        if (!form.IsMonotone) return null;
        var outputs = chain.Outputs;
        var codes = new byte[form.Planes == 0 ? outputs : form.Words * sizeof(uint)];
        int[] Codes(int[] sums)
        {
            form.Encode(chain.Values(sums), codes);
            return [.. Enumerable.Range(0, outputs).Select(m => form.Code(codes, m))];
        }

        var first = Codes(Filled(outputs, -chain.LargestSum));
        var last = Codes(Filled(outputs, chain.LargestSum));
        var count = first.Zip(last, (low, high) => Math.Abs(high - low)).Max();
        if (count > MostLevels) return null;
        int[] steps = [.. first.Zip(last, (low, high) => high < low ? -1 : 1)];
        var levels = new int[count * outputs];
        for (var level = 0; level < count; level++) Search(chain.LargestSum, sums => Codes(sums), first, last, level).CopyTo(levels, level * outputs);
        return new SumThresholds(form.Planes, first, steps, levels);
    }

    /// <summary>Writes the codes of sums.</summary>
    /// <param name="sums">Sums [position][output].</param>
    /// <param name="codes">Takes their codes.</param>
    public void Encode(ReadOnlySpan<int> sums, Span<byte> codes)
    {
        switch (_planes)
        {
            case 0: SumPacking.Bytes(sums, _levels, _first, _steps, codes); break;
            case 1: SumPacking.Binary(sums, _high, _flips, MemoryMarshal.Cast<byte, uint>(codes)); break;
            default: SumPacking.Ternary(sums, _low, _high, _flips, MemoryMarshal.Cast<byte, uint>(codes)); break;
        }
    }

    /// <summary>For each output, the smallest sum whose code lies more than <paramref name="level"/> steps from the first; beyond all sums where none does.</summary>
    private static int[] Search(int largest, Func<int[], int[]> codes, int[] first, int[] last, int level)
    {
        var (below, above) = (Filled(first.Length, -largest), Filled(first.Length, largest));
        while (above.Zip(below).Any(pair => (long)pair.First - pair.Second > 1))
        {
            int[] middle = [.. above.Zip(below, (a, b) => (int)((a + (long)b) >> 1))];
            var there = codes(middle);
            for (var m = 0; m < middle.Length; m++)
            {
                if (Math.Abs(there[m] - first[m]) > level) above[m] = middle[m];
                else below[m] = middle[m];
            }
        }

        return [.. above.Select((sum, m) => Math.Abs(last[m] - first[m]) > level ? sum : int.MaxValue)];
    }

    /// <summary>Where an output is so many steps from its first code: at once, somewhere, or never.</summary>
    private static int Begin(int[] levels, int outputs, int output, int steps)
        => steps <= 0 ? int.MinValue : (steps - 1) * outputs < levels.Length ? levels[((steps - 1) * outputs) + output] : int.MaxValue;

    private static int[] Filled(int count, int value)
    {
        var values = new int[count];
        Array.Fill(values, value);
        return values;
    }
}
