using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>Steps of optimizers, element by element, each operation rounded as written.</summary>
public static class ParameterUpdate
{
    /// <summary>
    /// Stochastic gradient descent with momentum: <c>g = fma(decay, w, gradient)</c>, <c>v = fma(momentum, v, g)</c>,
    /// <c>w = fma(−rate, u, w)</c> with <c>u = v</c>, or <c>fma(momentum, v, g)</c> in Nesterov's form.
    /// </summary>
    /// <param name="weights">Weights, changed.</param>
    /// <param name="gradient">Their gradient, as many.</param>
    /// <param name="velocity">Velocities, as many, changed.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="momentum">Momentum.</param>
    /// <param name="decay">Weight decay, as an L2 penalty.</param>
    /// <param name="nesterov">Whether to look ahead.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static unsafe void Momentum(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum, float decay, bool nesterov)
    {
        Check(weights.Length, gradient.Length, velocity.Length);
        fixed (float* w = weights, g = gradient, v = velocity)
            LaneLoop.Run(new MomentumLoop(w, g, v, rate, momentum, decay, nesterov), weights.Length);
    }

    /// <summary>
    /// Adam: <c>g = fma(penalty, w, gradient)</c>, <c>m = fma(β₁, m, (1 − β₁)·g)</c>, <c>v = fma(β₂, v, ((1 − β₂)·g)·g)</c>,
    /// <c>w = fma(−step, m / fma(√v, lift, ε), w·keep)</c>.
    /// </summary>
    /// <param name="weights">Weights, changed.</param>
    /// <param name="gradient">Their gradient, as many.</param>
    /// <param name="mean">First moments, as many, changed.</param>
    /// <param name="square">Second moments, as many, changed.</param>
    /// <param name="settings">Numbers of this step.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static unsafe void Adam(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, in AdamStep settings)
    {
        Check(weights.Length, gradient.Length, mean.Length);
        Check(weights.Length, gradient.Length, square.Length);
        fixed (float* w = weights, g = gradient, m = mean, v = square)
            LaneLoop.Run(new AdamLoop(w, g, m, v, settings), weights.Length);
    }

    private readonly unsafe struct MomentumLoop(float* weights, float* gradient, float* velocity, float rate, float momentum, float decay, bool nesterov) : ILaneLoop
    {
        private readonly float* _weights = weights, _gradient = gradient, _velocity = velocity;
        private readonly float _rate = rate, _momentum = momentum, _decay = decay;
        private readonly bool _nesterov = nesterov;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint i) where T : struct, IFloatLanes<T>
        {
            var w = T.Load(_weights + i);
            var g = T.FusedMultiplyAdd(T.Create(_decay), w, T.Load(_gradient + i));
            var v = T.FusedMultiplyAdd(T.Create(_momentum), T.Load(_velocity + i), g);
            var u = _nesterov ? T.FusedMultiplyAdd(T.Create(_momentum), v, g) : v;
            v.Store(_velocity + i);
            T.FusedMultiplyAdd(T.Create(-_rate), u, w).Store(_weights + i);
        }
    }

    private readonly unsafe struct AdamLoop(float* weights, float* gradient, float* mean, float* square, AdamStep settings) : ILaneLoop
    {
        private readonly float* _weights = weights, _gradient = gradient, _mean = mean, _square = square;
        private readonly AdamStep _settings = settings;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint i) where T : struct, IFloatLanes<T>
        {
            var w = T.Load(_weights + i);
            var g = T.FusedMultiplyAdd(T.Create(_settings.Penalty), w, T.Load(_gradient + i));
            var m = T.FusedMultiplyAdd(T.Create(_settings.Beta1), T.Load(_mean + i), T.Create(1 - _settings.Beta1) * g);
            var v = T.FusedMultiplyAdd(T.Create(_settings.Beta2), T.Load(_square + i), T.Create(1 - _settings.Beta2) * g * g);
            var divisor = T.FusedMultiplyAdd(T.SquareRoot(v), T.Create(_settings.Lift), T.Create(_settings.Epsilon));
            m.Store(_mean + i);
            v.Store(_square + i);
            T.FusedMultiplyAdd(T.Create(-_settings.Rate), m / divisor, w * T.Create(_settings.Keep)).Store(_weights + i);
        }
    }

    private static void Check(int weights, int gradient, int state)
    {
        if (weights != gradient || weights != state)
            throw new ArgumentException($"{gradient} gradients and {state} state variables do not serve {weights} weights", nameof(gradient));
    }
}
