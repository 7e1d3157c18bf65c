using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>
/// Adam (Kingma, Ba, "Adam: a method for stochastic optimization", ICLR 2015), or AdamW, which keeps weight decay apart from the gradient
/// (Loshchilov, Hutter, "Decoupled weight decay regularization", ICLR 2019).
/// </summary>
public sealed record AdamOptions : OptimizerOptions
{
    /// <summary>The paper's rate.</summary>
    public AdamOptions() => LearningRate = 0.001f;

    /// <summary>What the mean of the gradients keeps of itself at each step, 0 ≤ β₁ &lt; 1.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>What the mean of their squares keeps of itself at each step, 0 ≤ β₂ &lt; 1.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Added to the root of the squares, so that it can divide.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Whether weights decay by <c>rate · decay</c> of themselves (AdamW) rather than through the gradient.</summary>
    public bool DecoupledDecay { get; init; }

    /// <inheritdoc/>
    internal override Optimizer Start(IReadOnlyList<Parameter> parameters) => new Adam(this, parameters);

    private sealed class Adam(AdamOptions options, IReadOnlyList<Parameter> parameters) : Optimizer
    {
        private readonly float[][] _means = [.. parameters.Select(parameter => new float[parameter.Length])];
        private readonly float[][] _squares = [.. parameters.Select(parameter => new float[parameter.Length])];
        private readonly bool[] _decays = [.. parameters.Select(options.Decays)];
        private double _power1 = 1;
        private double _power2 = 1;
        private double _rate;

        public override int Count => parameters.Count;

        public override IEnumerable<float[]> State => [.. _means, .. _squares];

        public override void Begin(double learningRate)
        {
            _rate = learningRate;
            Advance();
        }

        public override void Resume(long steps)
        {
            for (var step = 0L; step < steps; step++) Advance();
        }

        public override void Move(int parameter)
        {
            var moved = parameters[parameter];
            ParameterUpdate.Adam(moved.Values, moved.Gradient, _means[parameter], _squares[parameter], Step(_rate * moved.RateFactor, _decays[parameter]));
        }

        private void Advance()
        {
            _power1 *= options.Beta1;
            _power2 *= options.Beta2;
        }

        private AdamStep Step(double rate, bool decays)
        {
            var step = new AdamStep((float)(rate / (1 - _power1)), (float)(1 / Math.Sqrt(1 - _power2)), options.Beta1, options.Beta2, options.Epsilon, 0, 1);
            if (!decays) return step;
            return options.DecoupledDecay ? step with { Keep = (float)(1 - (rate * options.WeightDecay)) } : step with { Penalty = options.WeightDecay };
        }
    }
}
