namespace Subbyte.Experiments.Reproduction.Statistics;

/// <summary>Portable normal-like samples: integers only, so the same everywhere.</summary>
internal static class NormalLike
{
    /// <summary>v with v / 65536 close to a standard normal: twelve 16-bit lanes of three SplitMix64 outputs, centred.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="count">How many.</param>
    /// <returns>The samples.</returns>
    public static int[] Samples(ulong seed, int count)
    {
        var samples = new int[count];
        for (var i = 0; i < count; i++)
        {
            var sum = -393210;
            for (var output = 0; output < 3; output++)
            {
                var z = Next(ref seed);
                for (var lane = 0; lane < 4; lane++) sum += (int)((z >> (16 * lane)) & 0xffff);
            }

            samples[i] = sum;
        }

        return samples;
    }

    /// <summary>The same samples as numbers.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="count">How many.</param>
    /// <returns>Samples of about a standard normal distribution.</returns>
    public static double[] Normal(ulong seed, int count) => [.. Samples(seed, count).Select(sample => sample / 65536.0)];

    private static ulong Next(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
