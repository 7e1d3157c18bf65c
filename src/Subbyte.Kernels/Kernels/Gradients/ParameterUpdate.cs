using System.Numerics;

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
    public static void Momentum(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum, float decay, bool nesterov)
    {
        Check(weights.Length, gradient.Length, velocity.Length);
        var head = VectorLoop.Head(weights.Length);
        for (var i = 0; i < head; i += Vector<float>.Count)
        {
            var w = VectorLoop.Load(weights, i);
            var g = Vector.FusedMultiplyAdd(new Vector<float>(decay), w, VectorLoop.Load(gradient, i));
            var v = Vector.FusedMultiplyAdd(new Vector<float>(momentum), VectorLoop.Load(velocity, i), g);
            var u = nesterov ? Vector.FusedMultiplyAdd(new Vector<float>(momentum), v, g) : v;
            VectorLoop.Store(v, velocity, i);
            VectorLoop.Store(Vector.FusedMultiplyAdd(new Vector<float>(-rate), u, w), weights, i);
        }

        for (var i = head; i < weights.Length; i++)
        {
            var g = MathF.FusedMultiplyAdd(decay, weights[i], gradient[i]);
            var v = MathF.FusedMultiplyAdd(momentum, velocity[i], g);
            var u = nesterov ? MathF.FusedMultiplyAdd(momentum, v, g) : v;
            velocity[i] = v;
            weights[i] = MathF.FusedMultiplyAdd(-rate, u, weights[i]);
        }
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
    public static void Adam(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, in AdamStep settings)
    {
        Check(weights.Length, gradient.Length, mean.Length);
        Check(weights.Length, gradient.Length, square.Length);
        var head = VectorLoop.Head(weights.Length);
        for (var i = 0; i < head; i += Vector<float>.Count)
        {
            var w = VectorLoop.Load(weights, i);
            var g = Vector.FusedMultiplyAdd(new Vector<float>(settings.Penalty), w, VectorLoop.Load(gradient, i));
            var m = Vector.FusedMultiplyAdd(new Vector<float>(settings.Beta1), VectorLoop.Load(mean, i), new Vector<float>(1 - settings.Beta1) * g);
            var v = Vector.FusedMultiplyAdd(new Vector<float>(settings.Beta2), VectorLoop.Load(square, i), new Vector<float>(1 - settings.Beta2) * g * g);
            var divisor = Vector.FusedMultiplyAdd(Vector.SquareRoot(v), new Vector<float>(settings.Lift), new Vector<float>(settings.Epsilon));
            VectorLoop.Store(m, mean, i);
            VectorLoop.Store(v, square, i);
            VectorLoop.Store(Vector.FusedMultiplyAdd(new Vector<float>(-settings.Rate), m / divisor, w * new Vector<float>(settings.Keep)), weights, i);
        }

        for (var i = head; i < weights.Length; i++)
        {
            var g = MathF.FusedMultiplyAdd(settings.Penalty, weights[i], gradient[i]);
            var m = MathF.FusedMultiplyAdd(settings.Beta1, mean[i], (1 - settings.Beta1) * g);
            var v = MathF.FusedMultiplyAdd(settings.Beta2, square[i], (1 - settings.Beta2) * g * g);
            var divisor = MathF.FusedMultiplyAdd(MathF.Sqrt(v), settings.Lift, settings.Epsilon);
            mean[i] = m;
            square[i] = v;
            weights[i] = MathF.FusedMultiplyAdd(-settings.Rate, m / divisor, weights[i] * settings.Keep);
        }
    }

    private static void Check(int weights, int gradient, int state)
    {
        if (weights != gradient || weights != state)
            throw new ArgumentException($"{gradient} gradients and {state} state variables do not serve {weights} weights", nameof(gradient));
    }
}
