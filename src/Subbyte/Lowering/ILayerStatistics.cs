namespace Subbyte.Lowering;

/// <summary>
/// Statistics of a layer's float input over the calibration samples, over all elements of the input tensor (padding not counted).
/// What costs a further pass over the data is computed when it is first asked for, for all layers at once.
/// </summary>
public interface ILayerStatistics
{
    /// <summary>Number of calibration samples.</summary>
    int Samples { get; }

    /// <summary>Smallest value.</summary>
    float Minimum { get; }

    /// <summary>Largest value.</summary>
    float Maximum { get; }

    /// <summary>Mean over the samples of each sample's largest value (SPARQ's <c>max_mean</c>).</summary>
    double MeanSampleMaximum { get; }

    /// <summary>Largest absolute value.</summary>
    float AbsoluteMaximum => Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));

    /// <summary>Whether no value is negative.</summary>
    bool IsNonNegative => Minimum >= 0;

    /// <summary>
    /// Counts of |x| in 2,048 equal bins over [0, <see cref="AbsoluteMaximum"/>]; the bin of v is min(2047, ⌊v / width⌋), zeros in bin 0.
    /// </summary>
    ReadOnlyMemory<long> AbsoluteHistogram { get; }

    /// <summary>
    /// How often each input channel (the last axis, channels last) is busy, in unsigned 8-bit codes of the step <c>MeanSampleMaximum / 255</c>, over the first
    /// 512 calibration samples.
    /// </summary>
    IReadOnlyList<ChannelActivity> ChannelActivity { get; }

    /// <summary>Mean and covariance of the layer's patch rows, per group.</summary>
    /// <param name="group">Group, from 0.</param>
    /// <returns>The moments of the group's patch rows (padding included, as the layer sees it).</returns>
    PatchMoments Moments(int group);

    /// <summary>Patch rows of the calibration samples, drawn with a fixed seed; the same positions for every group.</summary>
    /// <param name="group">Group, from 0.</param>
    /// <param name="most">Most rows, ≥ 1; there are fewer where the samples hold fewer, or where memory asks for it.</param>
    /// <returns>The rows, in the order of the samples.</returns>
    PatchRows Patches(int group, int most = PatchRows.DefaultCount);

    /// <summary>Threads that work on the layer may use; results do not depend on it.</summary>
    int Threads => 1;
}

/// <summary>How often one channel's codes need a multiplier.</summary>
/// <param name="NonZero">Number of codes that are not 0.</param>
/// <param name="Wide">Number of codes of 16 or more, which do not fit four bits.</param>
public readonly record struct ChannelActivity(long NonZero, long Wide);

/// <summary>First and second moments of patch rows, population form.</summary>
/// <param name="Mean">E[x] [depth].</param>
/// <param name="Covariance">E[(x−E[x])(x−E[x])ᵀ], row-major [depth][depth].</param>
public sealed record PatchMoments(double[] Mean, double[] Covariance);
