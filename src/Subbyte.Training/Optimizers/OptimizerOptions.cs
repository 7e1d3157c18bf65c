namespace Subbyte.Training;

/// <summary>Which rule turns gradients into steps, and its numbers. Immutable; the learning rate is the schedule's.</summary>
public abstract record OptimizerOptions
{
    private protected OptimizerOptions()
    {
    }

    /// <summary>Learning rate at its peak; the schedule multiplies it.</summary>
    public float LearningRate { get; init; }

    /// <summary>Weight decay, ≥ 0.</summary>
    public float WeightDecay { get; init; }

    /// <summary>
    /// Which parameters decay. The default is the weights of convolutions and linear layers: biases and normalization have nothing to gain
    /// from being small.
    /// </summary>
    public Func<Parameter, bool> Decays { get; init; } = parameter => parameter.Role == ParameterRole.Weight;

    /// <summary>Starts the rule with its state at zero.</summary>
    /// <param name="parameters">What it moves.</param>
    internal abstract Optimizer Start(IReadOnlyList<Parameter> parameters);
}
