namespace Subbyte.Tests.Methods.TermRevealing;

/// <summary>The specification's portable normal-like samples: integers only, so the same everywhere.</summary>
internal static class NormalLike
{
    /// <summary>v with v / 65536 close to a standard normal: twelve 16-bit lanes of three SplitMix64 outputs, centred.</summary>
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

    /// <summary>32,768 weight codes of eight bits, ±128 inclusive (seed 1).</summary>
    public static short[] Weights { get; } = [.. Samples(1, 32768).Select(v => (short)(Math.Sign(v) * Math.Min(128, ((Math.Abs(v) * 32L) + 32768) >> 16)))];

    /// <summary>32,768 data codes of eight bits, 0..255 (seed 2).</summary>
    public static short[] Data { get; } = [.. Samples(2, 32768).Select(v => v <= 0 ? (short)0 : (short)Math.Min(255, ((v * 64L) + 32768) >> 16))];

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
