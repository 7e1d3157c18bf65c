using Subbyte.Kernels;

namespace Subbyte.Methods.Training;

/// <summary>
/// A quantizer that can be trained through: the forward pass rounds, the backward pass follows a surrogate gradient. Plain spans of
/// float32; all state lies in the values and the parameters, so that one instance serves many threads and a checkpoint of both is complete.
/// Sums run in ascending order in double precision and are rounded once: the same bits on every machine.
/// </summary>
/// <remarks>
/// <c>parameters[i]</c> holds the numbers of <c>Parameters[i]</c>. Spans given to one call never overlap.
/// </remarks>
public interface ITrainableQuantizer
{
    /// <summary>Name of the method that made it.</summary>
    string Name { get; }

    /// <summary>What it has beside the values; empty for most.</summary>
    IReadOnlyList<QuantizerParameter> Parameters { get; }

    /// <summary>Sets the parameters before the first step.</summary>
    /// <param name="values">The weights, which may be replaced too (methods that train from scratch); or activations of some samples, which stay.</param>
    /// <param name="parameters">Takes the parameters; zeros so far.</param>
    /// <param name="random">A sequence of the run's seed, the layer's own.</param>
    void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random);

    /// <summary>Called before the first step of each epoch.</summary>
    /// <param name="values">The weights; empty for activations.</param>
    /// <param name="parameters">The parameters.</param>
    void BeginEpoch(Span<float> values, IReadOnlyList<float[]> parameters)
    {
        // Most quantizers have nothing to do.
    }

    /// <summary>
    /// Called once before each training step's forward pass, and once after the last step before a network is judged or exported: clamps
    /// latents for good, moves states.
    /// </summary>
    /// <param name="values">The weights; empty for activations.</param>
    /// <param name="parameters">The parameters.</param>
    void BeginStep(Span<float> values, IReadOnlyList<float[]> parameters)
    {
        // Most quantizers have nothing to do.
    }

    /// <summary>Turns a knob of a training plan: at the beginning of a phase that names it.</summary>
    /// <param name="knob">The knob's name.</param>
    /// <param name="position">Where it is turned to.</param>
    /// <param name="values">The weights; empty for activations.</param>
    /// <param name="parameters">The parameters.</param>
    void Turn(string knob, double position, Span<float> values, IReadOnlyList<float[]> parameters)
    {
        // Most quantizers have no knobs; each ignores those of others.
    }

    /// <summary>
    /// Numbers that a knob compares over the whole network: where quantizers give some, the knob is a share of all of them, and each quantizer is turned to the largest number
    /// within that share, in ascending order.
    /// </summary>
    /// <param name="knob">The knob's name.</param>
    /// <param name="values">The weights; empty for activations.</param>
    /// <param name="parameters">The parameters.</param>
    /// <returns>Numbers of this layer, ≥ 0; empty where the knob's position counts as it is.</returns>
    float[] Compared(string knob, ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters) => [];

    /// <summary>The forward pass.</summary>
    /// <param name="values">Values.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="quantized">Takes what the layer multiplies, as real numbers; as many as values.</param>
    void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized);

    /// <summary>The backward pass, by the rule of the method's surrogate.</summary>
    /// <param name="values">Values of the forward pass.</param>
    /// <param name="parameters">The parameters of the forward pass.</param>
    /// <param name="gradient">∂L/∂quantized.</param>
    /// <param name="valueGradient">Takes ∂L/∂values.</param>
    /// <param name="parameterGradients">
    /// ∂L/∂parameters is added to what is there; for <see cref="QuantizerParameterKind.Statistic"/> the statistic; nothing for <see cref="QuantizerParameterKind.State"/>.
    /// </param>
    void Backward(
        ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients);
}
