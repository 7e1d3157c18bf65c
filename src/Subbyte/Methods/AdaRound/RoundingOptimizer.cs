using Subbyte.Kernels;

namespace Subbyte.Methods.AdaRound;

/// <summary>
/// Gradient descent on the soft roundings of some output channels that share their input: Adam on the error of the output plus the regularizer, whose
/// β falls from 20 to 2 along a cosine after a fifth of the steps without it. The gradient is exact, from the second moments, so a step is one
/// matrix product. Channels do not influence each other.
/// </summary>
internal sealed class RoundingOptimizer
{
    private const double WarmUp = 0.2;
    private const double FirstBeta = 20;
    private const double LastBeta = 2;
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;
    private const float Epsilon = 1e-8f;

    private readonly IReadOnlyList<RoundingProblem> _channels;
    private readonly PackedFloatMatrix _moments;
    private readonly AdaRoundOptions _options;
    private readonly int _depth;
    private readonly float[] _values;
    private readonly float[] _base;
    private readonly float[] _slope;
    private readonly float[] _factor;
    private readonly float[] _sigmoid;
    private readonly float[] _share;
    private readonly float[] _power;
    private readonly float[] _delta;
    private readonly float[] _gradient;
    private readonly bool[] _free;

    /// <summary>Prepares the descent.</summary>
    /// <param name="channels">The channels' problems.</param>
    /// <param name="nearestErrors">The nearest codes' own error of each channel: the unit of its error.</param>
    /// <param name="moments">A, in float32.</param>
    /// <param name="options">Options.</param>
    public RoundingOptimizer(IReadOnlyList<RoundingProblem> channels, IReadOnlyList<double> nearestErrors, PackedFloatMatrix moments, AdaRoundOptions options)
    {
        (_channels, _moments, _options, _depth) = (channels, moments, options, moments.Depth);
        var count = channels.Count * _depth;
        (_values, _base, _slope, _sigmoid, _share) = (new float[count], new float[count], new float[count], new float[count], new float[count]);
        (_power, _delta, _gradient, _free, _factor) = (new float[count], new float[count], new float[count], new bool[count], new float[channels.Count]);
        for (var i = 0; i < count; i++)
        {
            var (channel, k) = (channels[i / _depth], i % _depth);
            _values[i] = RectifiedSigmoid.Inverse(channel.Share[k]);
            _base[i] = (float)channel.Base(k);
            _slope[i] = (float)channel.Slope[k];
            _free[i] = channel.IsFree(k);
        }

        for (var m = 0; m < channels.Count; m++)
            _factor[m] = nearestErrors[m] > 0 && double.IsFinite(_depth / nearestErrors[m]) ? (float)(2 * _depth / nearestErrors[m]) : 0;
    }

    /// <summary>Runs the descent.</summary>
    /// <returns>Codes of each channel.</returns>
    public short[][] Run()
    {
        var (mean, square) = (new float[_values.Length], new float[_values.Length]);
        double decay1 = 1, decay2 = 1;
        for (var step = 0; step < _options.Iterations; step++)
        {
            SetGradient(Beta(step));
            (decay1, decay2) = (decay1 * Beta1, decay2 * Beta2);
            ParameterUpdate.Adam(_values, _gradient, mean, square, new AdamStep((float)(_options.Rate / (1 - decay1)), (float)(1 / Math.Sqrt(1 - decay2)), Beta1, Beta2, Epsilon, 0, 1));
        }

        SetShares();
        return [.. _channels.Select((channel, m) => channel.Codes(k => _share[(m * _depth) + k] >= 0.5f))];
    }

    /// <summary>β of a step; 0 for none of the regularizer.</summary>
    internal double Beta(int step)
    {
        var first = WarmUp * _options.Iterations;
        if (step < first) return 0;
        return LastBeta + ((FirstBeta - LastBeta) / 2 * (1 + Transcendental.CosPi((step - first) / (_options.Iterations - first))));
    }

    /// <summary>The gradient by the values v at the present ones.</summary>
    /// <param name="beta">β of the regularizer; 0 for none.</param>
    /// <returns>Gradients [channels][depth].</returns>
    internal ReadOnlySpan<float> SetGradient(double beta)
    {
        SetShares();
        for (var i = 0; i < _delta.Length; i++) _delta[i] = (_free[i] ? _channels[i / _depth].Scale * _share[i] : 0) + _base[i];
        FloatGemm.Multiply(_delta, _depth, _channels.Count, _moments, _gradient, _depth);
        if (beta > 0) SetPowers((float)beta - 1);
        var pull = (float)_options.Lambda;
        for (var m = 0; m < _channels.Count; m++)
        {
            var (scale, factor) = (_channels[m].Scale, _factor[m]);
            for (var i = m * _depth; i < (m + 1) * _depth; i++)
            {
                var slope = factor * (_gradient[i] + _slope[i]) * scale;
                if (beta > 0) slope += pull * RectifiedSigmoid.Pull(_share[i], _power[i], (float)beta);
                _gradient[i] = _free[i] ? slope * RectifiedSigmoid.Slope(_sigmoid[i]) : 0;
            }
        }

        return _gradient;
    }

    private void SetShares()
    {
        Transcendental.Sigmoid(_values, _sigmoid);
        for (var i = 0; i < _share.Length; i++) _share[i] = RectifiedSigmoid.Of(_sigmoid[i]);
    }

    /// <summary>|2h − 1|^exponent.</summary>
    private void SetPowers(float exponent)
    {
        for (var i = 0; i < _power.Length; i++) _power[i] = Math.Abs((2 * _share[i]) - 1);
        Transcendental.Log(_power, _power);
        for (var i = 0; i < _power.Length; i++) _power[i] *= exponent;
        Transcendental.Exp(_power, _power);
    }
}
