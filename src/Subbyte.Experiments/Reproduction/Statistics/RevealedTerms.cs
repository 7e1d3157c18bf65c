using Subbyte.Formats;
using Subbyte.Methods.TermRevealing;

namespace Subbyte.Experiments.Reproduction.Statistics;

/// <summary>What Term Revealing does to 32,768 normal-like weight codes of eight bits.</summary>
internal static class RevealedTerms
{
    private static readonly short[] Weights = [.. NormalLike.Samples(1, 32768).Select(v => (short)(Math.Sign(v) * Math.Min(128, ((Math.Abs(v) * 32L) + 32768) >> 16)))];

    /// <summary>Squared error of all weights: an exact integer.</summary>
    /// <param name="arguments"><c>encoding</c>, <c>group</c>, <c>budget</c>.</param>
    /// <returns>The sum of squares.</returns>
    public static double SquaredError(DrawnStatistics.Arguments arguments) => Reveal(arguments).Revealed.Zip(Weights, (a, b) => (long)(a - b) * (a - b)).Sum();

    /// <summary>Terms that are kept.</summary>
    /// <param name="arguments"><c>encoding</c>, <c>group</c>, <c>budget</c>.</param>
    /// <returns>Their number.</returns>
    public static double Kept(DrawnStatistics.Arguments arguments) => Reveal(arguments).Kept.Sum(count => count);

    private static (short[] Revealed, byte[] Kept) Reveal(DrawnStatistics.Arguments arguments)
    {
        var (group, budget) = (arguments.Integer("group"), arguments.Integer("budget"));
        var digits = new SignedDigitTable(Encoding(arguments.Text("encoding", "hese")), 128);
        var (revealed, kept) = (new short[Weights.Length], new byte[Weights.Length]);
        for (var i = 0; i < Weights.Length; i += group) RecedingWater.Reveal(digits, Weights.AsSpan(i, group), budget, revealed.AsSpan(i), kept.AsSpan(i));
        return (revealed, kept);
    }

    private static SignedDigitEncoding Encoding(string name) => name switch
    {
        "hese" => SignedDigitEncoding.Hese,
        "hese-run" => SignedDigitEncoding.HeseRun,
        "naf" => SignedDigitEncoding.Naf,
        "booth4" => SignedDigitEncoding.Booth4,
        _ => SignedDigitEncoding.Binary,
    };
}
