using Subbyte.Networks;

namespace Subbyte.Training;

/// <summary>
/// Knowledge distillation (Hinton, Vinyals, Dean, 2015): the loss is <c>(1 − w)·cross-entropy + w·T²·KL(softmax(teacher / T) ‖ softmax(logits / T))</c>. The teacher sees
/// the same samples, augmented alike, and stays as it is. Immutable.
/// </summary>
/// <param name="Teacher">The teacher, with as many logits.</param>
public sealed record Distillation(Network Teacher)
{
    /// <summary>Temperature T, &gt; 0.</summary>
    public float Temperature { get; init; } = 4;

    /// <summary>Weight w, 0 to 1.</summary>
    public float Weight { get; init; } = 0.5f;
}
