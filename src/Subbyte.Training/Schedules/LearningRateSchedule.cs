using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>How the learning rate moves from step to step: a factor of its peak. Immutable.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>Epochs (whole or not) over which the rate first grows linearly from near 0 to its peak.</summary>
    public double WarmUpEpochs { get; init; }

    /// <summary>The factor of a step.</summary>
    /// <param name="step">Which step, from 0.</param>
    /// <param name="stepsPerEpoch">Steps of one epoch, ≥ 1.</param>
    /// <param name="epochs">Epochs of the whole training, ≥ 1.</param>
    /// <returns>The factor, 0 to 1.</returns>
    public double FactorAt(long step, int stepsPerEpoch, int epochs)
    {
        var warmUpSteps = Math.Floor(WarmUpEpochs * stepsPerEpoch);
        if (step < warmUpSteps) return (step + 1) / (warmUpSteps + 1);
        var rest = ((double)stepsPerEpoch * epochs) - warmUpSteps;
        return Factor((double)step / stepsPerEpoch, Math.Clamp((step - warmUpSteps) / rest, 0, 1));
    }

    /// <summary>The factor after the warm-up.</summary>
    /// <param name="epoch">Epochs done since the start.</param>
    /// <param name="progress">Share of the steps after the warm-up that are done, 0 to 1.</param>
    /// <returns>The factor.</returns>
    protected abstract double Factor(double epoch, double progress);
}

/// <summary>The peak all the time.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override double Factor(double epoch, double progress) => 1;
}

/// <summary>Half a cosine from the peak to its end (Loshchilov, Hutter, "SGDR", ICLR 2017, without restarts).</summary>
/// <param name="Final">The factor at the end, 0 to 1.</param>
public sealed record CosineSchedule(double Final = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override double Factor(double epoch, double progress) => Final + ((1 - Final) * 0.5 * (1 + Transcendental.CosPi(progress)));
}

/// <summary>A factor at each milestone.</summary>
/// <param name="Milestones">Epochs after which the rate is multiplied, ascending.</param>
/// <param name="Multiplier">By how much.</param>
public sealed record StepSchedule(IReadOnlyList<double> Milestones, double Multiplier = 0.1) : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override double Factor(double epoch, double progress)
    {
        var factor = 1.0;
        foreach (var milestone in Milestones)
        {
            if (epoch >= milestone) factor *= Multiplier;
        }

        return factor;
    }
}
