namespace Subbyte.Kernels;

/// <summary>
/// Few signed 8-bit weights among many zeros, for <see cref="SparseProduct"/>: for each output its weights that are not zero, in pairs. Immutable; safe
/// to share between threads.
/// </summary>
public sealed class SparseInt8Matrix
{
    private SparseInt8Matrix(int[] starts, int[] offsets, short[] weights, int shortPairs)
    {
        Starts = starts;
        Offsets = offsets;
        Weights = weights;
        ShortPairs = shortPairs;
        Reach = offsets.Length == 0 ? 0 : offsets.Max();
    }

    /// <summary>Number of outputs.</summary>
    public int Outputs => Starts.Length - 1;

    /// <summary>First pair of each output, and their number.</summary>
    internal int[] Starts { get; }

    /// <summary>Two offsets a pair.</summary>
    internal int[] Offsets { get; }

    /// <summary>Two weights a pair: the first in the low byte.</summary>
    internal short[] Weights { get; }

    /// <summary>Pairs whose sum fits 16 bits.</summary>
    internal int ShortPairs { get; }

    /// <summary>The largest offset.</summary>
    internal int Reach { get; }

    /// <summary>Pairs of products whose sum fits 16 bits; weights with none cannot be packed.</summary>
    /// <param name="largestWeight">Largest magnitude of a weight.</param>
    /// <param name="largestCode">Largest code of the activations.</param>
    /// <returns>Their number.</returns>
    public static int PairsOfShortSum(int largestWeight, int largestCode) => short.MaxValue / Math.Max(1, 2 * largestCode * largestWeight);

    /// <summary>Packs row-major weights.</summary>
    /// <param name="weights">Weights [output][k].</param>
    /// <param name="offsets">Where the codes of each k begin, ≥ 0.</param>
    /// <param name="largestCode">Largest code of the activations.</param>
    /// <returns>The packed matrix.</returns>
    /// <exception cref="ArgumentException">Weights are no whole rows, or two products may not fit 16 bits.</exception>
    public static SparseInt8Matrix Pack(ReadOnlySpan<sbyte> weights, ReadOnlySpan<int> offsets, int largestCode)
    {
        if (offsets.Length == 0 || weights.Length % offsets.Length != 0) throw new ArgumentException($"{weights.Length} weights are no whole rows of {offsets.Length}", nameof(weights));
        var (starts, places, pairs, largest) = (new int[(weights.Length / offsets.Length) + 1], new List<int>(), new List<short>(), 0);
        for (var output = 0; output < starts.Length - 1; output++)
        {
            var row = weights.Slice(output * offsets.Length, offsets.Length);
            var isSecond = false;
            for (var k = 0; k < row.Length; k++)
            {
                if (row[k] == 0) continue;
                largest = Math.Max(largest, Math.Abs((int)row[k]));
                if (isSecond) (places[^1], pairs[^1]) = (offsets[k], (short)((byte)pairs[^1] | (row[k] << 8)));
                else
                {
                    // A pair that stays alone multiplies its code twice, the second time by zero.
                    places.AddRange([offsets[k], offsets[k]]);
                    pairs.Add((byte)row[k]);
                }

                isSecond = !isSecond;
            }

            starts[output + 1] = pairs.Count;
        }

        var shortPairs = PairsOfShortSum(largest, largestCode);
        if (shortPairs == 0) throw new ArgumentException($"two products of weights up to {largest} and codes up to {largestCode} do not fit 16 bits", nameof(largestCode));
        return new SparseInt8Matrix(starts, [.. places], [.. pairs], shortPairs);
    }
}
