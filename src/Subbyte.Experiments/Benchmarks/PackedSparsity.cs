using Subbyte.Runtime;

namespace Subbyte.Experiments;

/// <summary>
/// Zeros of a packed network of several levels, and what they promise: multiply-accumulates of all layers by those that are left, as papers count them. Shares are
/// weighted by multiply-accumulates.
/// </summary>
/// <param name="ZeroWeights">Share of weights that are 0 in every plane.</param>
/// <param name="ZeroDigits">Share of digits of the planes that are 0.</param>
/// <param name="ZeroWords">Share of 64-bit words of the planes that are 0: a dense machine can skip no less.</param>
public sealed record PackedSparsity(double ZeroWeights, double ZeroDigits, double ZeroWords)
{
    /// <summary>The speed-up that zero weights promise.</summary>
    public double PotentialOfWeights => 1 / (1 - ZeroWeights);

    /// <summary>The speed-up that zero digits promise.</summary>
    public double PotentialOfDigits => 1 / (1 - ZeroDigits);

    /// <summary>The speed-up that zero words promise.</summary>
    public double PotentialOfWords => 1 / (1 - ZeroWords);

    /// <summary>Counts the zeros of a network.</summary>
    /// <param name="network">The network.</param>
    /// <returns>The shares, or null where no layer has several levels.</returns>
    public static PackedSparsity? Of(PackedNetwork network)
    {
        if (!network.Steps.Any(step => step is LevelProductStep)) return null;
        double macs = 0, digits = 0, weights = 0, zeroDigits = 0, words = 0;
        foreach (var step in network.Steps.Where(step => step.Macs > 0))
        {
            var level = step as LevelProductStep;
            var planes = step.Macs * (double)(level?.Planes ?? 1);
            (macs, digits) = (macs + step.Macs, digits + planes);
            if (level is null) continue;
            weights += step.Macs * (level.ZeroWeights / (double)step.Weights);
            zeroDigits += planes * level.ZeroDigits;
            words += planes * level.ZeroWords;
        }

        return new PackedSparsity(weights / macs, zeroDigits / digits, words / digits);
    }
}
