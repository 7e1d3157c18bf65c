using Subbyte.Kernels;

namespace Subbyte.Methods.Zap;

/// <summary>
/// Trains one predictor to tell the zeros of a map (sections 3A.1 and 3A.4): <c>O = clamp(P, 0, 1)</c> where a position is predicted, the target is 1 where the activation is positive, and
/// the loss is the mean of (O − T)² over all elements. Adam, batch statistics, no labels.
/// </summary>
/// <param name="predictor">The predictor.</param>
/// <param name="rate">Learning rate.</param>
public sealed class ZapTraining(ZapPredictor predictor, double rate)
{
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;
    private const float AdamEpsilon = 1e-8f;
    private const double Momentum = 0.1;

    private readonly float[] _gradient = new float[predictor.Values.Length];
    private readonly float[] _mean = new float[predictor.Values.Length];
    private readonly float[] _square = new float[predictor.Values.Length];
    private readonly Stage _first = new();
    private readonly Stage _second = new();
    private float[] _known = [];
    private int _steps;

    /// <summary>One step.</summary>
    /// <param name="maps">Exact maps of a batch [sample][position][channel].</param>
    /// <param name="samples">Samples of the batch.</param>
    /// <returns>The loss before the step.</returns>
    public double Step(ReadOnlySpan<float> maps, int samples)
    {
        var length = predictor.Shape.Length;
        if (_known.Length < maps.Length) (_known, _first.Map, _second.Map, _first.Gradient, _second.Gradient) = (new float[maps.Length], new float[maps.Length], new float[maps.Length], new float[maps.Length], new float[maps.Length]);
        for (var sample = 0; sample < samples; sample++) predictor.CopyComputed(maps.Slice(sample * length, length), _known.AsSpan(sample * length, length));
        Forward(0, _known, _first, samples);
        Relu(_first.Map.AsSpan(0, maps.Length));
        Forward(1, _first.Map, _second, samples);
        var loss = Loss(maps);
        Array.Clear(_gradient);
        Backward(1, _second, _first.Map, _first.Gradient, samples);
        for (var i = 0; i < maps.Length; i++) _first.Gradient[i] = _first.Map[i] > 0 ? _first.Gradient[i] : 0;
        Backward(0, _first, _known, default, samples);
        _steps++;
        var step = new AdamStep((float)(rate / (1 - Math.Pow(Beta1, _steps))), (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, _steps))), Beta1, Beta2, AdamEpsilon, 0, 1);
        ParameterUpdate.Adam(predictor.Values, _gradient, _mean, _square, step);
        return loss;
    }

    /// <summary>A convolution, then its batch norm with the statistics of the batch: x̂ stays for the backward pass where γ·x̂ + β is made again.</summary>
    private void Forward(int stage, float[] input, Stage made, int samples)
    {
        var (length, channels) = (predictor.Shape.Length, predictor.Shape.Channels);
        for (var sample = 0; sample < samples; sample++)
            DepthwiseConvolution.Float(input.AsSpan(sample * length, length), predictor.Geometry, predictor.Weights(stage), made.Map.AsSpan(sample * length, length));
        var bias = predictor.Values.AsSpan(predictor.Offset(stage, ZapPredictor.Taps), channels);
        var (sum, square) = (new double[channels], new double[channels]);
        var map = made.Map.AsSpan(0, samples * length);
        for (var i = 0; i < map.Length; i += channels)
        {
            for (var c = 0; c < channels; c++)
            {
                map[i + c] += bias[c];
                sum[c] += map[i + c];
                square[c] += (double)map[i + c] * map[i + c];
            }
        }

        double count = map.Length / channels;
        made.Begin(channels);
        for (var c = 0; c < channels; c++)
        {
            var mean = sum[c] / count;
            var variance = Math.Max(0, (square[c] / count) - (mean * mean));
            (made.Mean[c], made.Inverse[c]) = ((float)mean, (float)(1 / Math.Sqrt(variance + ZapPredictor.Epsilon)));
            Move(ref predictor.Running[(2 * stage * channels) + c], mean);
            Move(ref predictor.Running[(((2 * stage) + 1) * channels) + c], variance * count / Math.Max(1, count - 1));
        }

        var gamma = predictor.Values.AsSpan(predictor.Offset(stage, ZapPredictor.Taps + 1), channels);
        var beta = predictor.Values.AsSpan(predictor.Offset(stage, ZapPredictor.Taps + 2), channels);
        if (made.Normalized.Length < map.Length) made.Normalized = new float[map.Length];
        for (var i = 0; i < map.Length; i += channels)
        {
            for (var c = 0; c < channels; c++)
            {
                var normalized = (map[i + c] - made.Mean[c]) * made.Inverse[c];
                made.Normalized[i + c] = normalized;
                map[i + c] = (gamma[c] * normalized) + beta[c];
            }
        }
    }

    private static void Move(ref float running, double value) => running = (float)(((1 - Momentum) * running) + (Momentum * value));

    private static void Relu(Span<float> map)
    {
        foreach (ref var value in map) value = Math.Max(value, 0);
    }

    /// <summary>The loss, and its gradient at P: the clamp lets none through outside [0, 1].</summary>
    private double Loss(ReadOnlySpan<float> maps)
    {
        var channels = predictor.Shape.Channels;
        double sum = 0;
        for (var i = 0; i < maps.Length; i++)
        {
            var p = _second.Map[i];
            if (predictor.Computed[i / channels % predictor.Shape.Positions])
            {
                _second.Gradient[i] = 0;
                continue;
            }

            var error = Math.Clamp(p, 0, 1) - (maps[i] > 0 ? 1 : 0);
            sum += (double)error * error;
            _second.Gradient[i] = p is >= 0 and <= 1 ? 2 * error / maps.Length : 0;
        }

        return sum / maps.Length;
    }

    /// <summary>Through batch norm and convolution; adds to the gradient of the stage's numbers, and sets that of its input where it is wanted.</summary>
    private void Backward(int stage, Stage made, float[] input, Span<float> inputGradient, int samples)
    {
        var (length, channels) = (predictor.Shape.Length, predictor.Shape.Channels);
        var total = samples * length;
        var gamma = predictor.Values.AsSpan(predictor.Offset(stage, ZapPredictor.Taps + 1), channels);
        var (toBeta, toGamma) = (new double[channels], new double[channels]);
        for (var i = 0; i < total; i += channels)
        {
            for (var c = 0; c < channels; c++)
            {
                toBeta[c] += made.Gradient[i + c];
                toGamma[c] += (double)made.Gradient[i + c] * made.Normalized[i + c];
            }
        }

        double count = total / channels;
        for (var i = 0; i < total; i += channels)
        {
            for (var c = 0; c < channels; c++)
                made.Gradient[i + c] = (float)(gamma[c] * made.Inverse[c] * (made.Gradient[i + c] - ((toBeta[c] + (made.Normalized[i + c] * toGamma[c])) / count)));
        }

        for (var c = 0; c < channels; c++)
        {
            _gradient[predictor.Offset(stage, ZapPredictor.Taps + 1) + c] = (float)toGamma[c];
            _gradient[predictor.Offset(stage, ZapPredictor.Taps + 2) + c] = (float)toBeta[c];
        }

        // A bias before a batch norm has no gradient: the mean takes it away.
        var weights = _gradient.AsSpan(predictor.Offset(stage, 0), ZapPredictor.Taps * channels);
        if (!inputGradient.IsEmpty) inputGradient[..total].Clear();
        for (var sample = 0; sample < samples; sample++)
        {
            var dy = made.Gradient.AsSpan(sample * length, length);
            DepthwiseGradient.Weights(input.AsSpan(sample * length, length), dy, predictor.Geometry, weights);
            if (!inputGradient.IsEmpty) DepthwiseGradient.Input(dy, predictor.Geometry, predictor.Weights(stage), inputGradient.Slice(sample * length, length));
        }
    }

    /// <summary>What one stage leaves for the backward pass.</summary>
    private sealed class Stage
    {
        public float[] Map { get; set; } = [];

        public float[] Normalized { get; set; } = [];

        public float[] Gradient { get; set; } = [];

        public float[] Mean { get; private set; } = [];

        public float[] Inverse { get; private set; } = [];

        public void Begin(int channels)
        {
            if (Mean.Length < channels) (Mean, Inverse) = (new float[channels], new float[channels]);
        }
    }
}
