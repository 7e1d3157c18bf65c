namespace Subbyte.Methods.Training;

/// <summary>How a parameter of a quantizer moves.</summary>
public enum QuantizerParameterKind
{
    /// <summary>By its gradient, as weights do.</summary>
    Trained,

    /// <summary>By the quantizer's own rule at the beginning of a step, an epoch or a phase.</summary>
    State,

    /// <summary>
    /// What the backward pass adds up over a batch, in place of a gradient, is its value when the next step begins: statistics of activations.
    /// </summary>
    Statistic,
}

/// <summary>
/// Numbers that a quantizer has beside the values: scales, thresholds, a second latent tensor, a mask. The engine keeps them with the
/// weights, in checkpoints too.
/// </summary>
/// <param name="Name">What they are, unique in the quantizer.</param>
/// <param name="Length">How many.</param>
/// <param name="Kind">How they move.</param>
public sealed record QuantizerParameter(string Name, int Length, QuantizerParameterKind Kind = QuantizerParameterKind.Trained)
{
    /// <summary>Whether the recipe's weight decay acts on them as on weights (a latent tensor); thresholds and scales have none.</summary>
    public bool Decays { get; init; }

    /// <summary>Factor on the recipe's learning rate, &gt; 0.</summary>
    public double LearningRateFactor { get; init; } = 1;
}
