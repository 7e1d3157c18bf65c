using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>
/// Stochastic gradient descent with momentum: <c>v ← μ·v + g</c>, <c>w ← w − rate·v</c> (or <c>rate·(g + μ·v)</c> in Nesterov's form;
/// Sutskever et al., "On the importance of initialization and momentum", ICML 2013). Weight decay is added to the gradient.
/// </summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>The usual rate for networks with batch normalization.</summary>
    public SgdOptions() => LearningRate = 0.1f;

    /// <summary>Momentum μ, 0 ≤ μ &lt; 1.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>Whether the gradient is taken as if the step had been made already.</summary>
    public bool Nesterov { get; init; }

    /// <inheritdoc/>
    internal override Optimizer Start(IReadOnlyList<Parameter> parameters) => new Sgd(this, parameters);

    private sealed class Sgd(SgdOptions options, IReadOnlyList<Parameter> parameters) : Optimizer
    {
        private readonly float[][] _velocities = [.. parameters.Select(parameter => new float[parameter.Length])];
        private readonly float[] _decays = [.. parameters.Select(parameter => options.Decays(parameter) ? options.WeightDecay : 0)];
        private double _rate;

        public override int Count => parameters.Count;

        public override IEnumerable<float[]> State => _velocities;

        public override void Begin(double learningRate) => _rate = learningRate;

        public override void Move(int parameter)
        {
            var moved = parameters[parameter];
            ParameterUpdate.Momentum(moved.Values, moved.Gradient, _velocities[parameter], (float)(_rate * moved.RateFactor), options.Momentum, _decays[parameter], options.Nesterov);
        }
    }
}
