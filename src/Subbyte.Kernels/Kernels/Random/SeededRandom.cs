namespace Subbyte.Kernels;

/// <summary>
/// Pseudo-random numbers that depend on the seed alone, on every machine and in every version of .NET (SplitMix64: Steele, Lea, Flood, "Fast
/// splittable pseudorandom number generators", OOPSLA 2014). Not for secrets; not safe to share between threads.
/// </summary>
public sealed class SeededRandom
{
    private const ulong GoldenGamma = 0x9E37_79B9_7F4A_7C15;
    private const double Unit = 1.0 / (1L << 53);
    private ulong _state;

    /// <summary>Starts a sequence.</summary>
    /// <param name="seed">Any number; each gives another sequence.</param>
    public SeededRandom(ulong seed) => _state = seed;

    /// <summary>Starts one of many unrelated sequences of one seed (an epoch's, a layer's, a sample's).</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="stream">Which sequence.</param>
    public SeededRandom(ulong seed, ulong stream) => _state = Mix(seed + GoldenGamma) ^ Mix(~stream);

    /// <summary>64 random bits.</summary>
    /// <returns>Any number, each as likely.</returns>
    public ulong NextBits() => Mix(_state += GoldenGamma);

    /// <summary>A number from a range.</summary>
    /// <param name="end">The end of the range, excluded; ≥ 1.</param>
    /// <returns>0 to <paramref name="end"/> − 1, equally likely but for one part in 2³².</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="end"/> is not positive.</exception>
    public int Next(int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(end);
        return (int)(((NextBits() >> 32) * (ulong)end) >> 32);
    }

    /// <summary>A number in [0, 1), a multiple of 2⁻²⁴.</summary>
    /// <returns>The number.</returns>
    public float NextFloat() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>A number from the normal distribution with mean 0 and deviation 1 (Box and Muller), from our own logarithm and cosine.</summary>
    /// <returns>The number.</returns>
    public double NextGaussian()
    {
        var radius = Math.Sqrt(-2 * Transcendental.Log(1 - ((NextBits() >> 11) * Unit)));
        return radius * Transcendental.CosPi((NextBits() >> 11) * Unit);
    }

    /// <summary>Brings the elements into a random order, each order equally likely (Fisher and Yates).</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="items">The elements.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
