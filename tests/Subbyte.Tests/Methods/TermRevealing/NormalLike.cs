using Generator = Subbyte.Experiments.Reproduction.Statistics.NormalLike;

namespace Subbyte.Tests.Methods.TermRevealing;

/// <summary>Codes of the specification's portable normal-like samples.</summary>
internal static class NormalLike
{
    /// <summary>v with v / 65536 close to a standard normal.</summary>
    public static int[] Samples(ulong seed, int count) => Generator.Samples(seed, count);

    /// <summary>32,768 weight codes of eight bits, ±128 inclusive (seed 1).</summary>
    public static short[] Weights { get; } = [.. Samples(1, 32768).Select(v => (short)(Math.Sign(v) * Math.Min(128, ((Math.Abs(v) * 32L) + 32768) >> 16)))];

    /// <summary>32,768 data codes of eight bits, 0..255 (seed 2).</summary>
    public static short[] Data { get; } = [.. Samples(2, 32768).Select(v => v <= 0 ? (short)0 : (short)Math.Min(255, ((v * 64L) + 32768) >> 16))];
}
