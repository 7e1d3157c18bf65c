using Subbyte.Kernels;

namespace Subbyte.Experiments.Reproduction.Statistics;

/// <summary>What a two-state activation tells of a normal input: the entropy of its states (Si-BNN, section 3.2).</summary>
internal static class BinaryInformation
{
    /// <summary>Information of <c>[x &gt; threshold]</c>, x ~ N(0, 1).</summary>
    /// <param name="arguments"><c>threshold</c>; <c>of</c>: <c>bits</c>, or <c>zeros</c> for the share of zeros.</param>
    /// <returns>Bits, or a share.</returns>
    public static double OfNormal(DrawnStatistics.Arguments arguments)
    {
        var zeros = 0.5 * (1 + Transcendental.Erf((float)(arguments.Number("threshold") / Math.Sqrt(2))));
        return arguments.Text("of", "bits") == "zeros" ? zeros : Bits(zeros);
    }

    /// <summary>Entropy of two states.</summary>
    /// <param name="share">Probability of one of them, 0 … 1.</param>
    /// <returns>Bits.</returns>
    public static double Bits(double share) => share is <= 0 or >= 1 ? 0 : -(share * Math.Log2(share)) - ((1 - share) * Math.Log2(1 - share));
}
