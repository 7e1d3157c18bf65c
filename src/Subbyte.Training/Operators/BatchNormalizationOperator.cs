using System.Numerics.Tensors;
using Subbyte.Kernels;
using Tensor = Subbyte.Tensors.Tensor;

namespace Subbyte.Training;

/// <summary>
/// Batch normalization over samples and positions (Ioffe, Szegedy, "Batch normalization", ICML 2015): in training with the mean and the
/// population variance of the batch, in inference with running ones, which follow the batches as in ONNX:
/// <c>running = momentum · running + (1 − momentum) · batch</c>, the variance with Bessel's correction.
/// </summary>
/// <remarks>Moments are taken per sample in float32 around the sample's own mean, and combined over the samples, in order, in float64.</remarks>
internal sealed class BatchNormalizationOperator : Operator
{
    private readonly Parameter _gamma;
    private readonly Parameter _beta;
    private readonly Parameter _runningMean;
    private readonly Parameter _runningVariance;
    private readonly float _epsilon;
    private readonly float _momentum;
    private readonly float[] _mean;
    private readonly double[] _inverseDeviation;
    private readonly float[] _scale;
    private readonly float[] _shift;
    private readonly float[] _slope;
    private readonly float[] _gradientShift;
    private float[] _sums = [];
    private float[] _products = [];
    private bool _addsToInput;

    /// <summary>A batch normalization.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">Input map.</param>
    /// <param name="output">Output map.</param>
    /// <param name="gamma">Factor per channel.</param>
    /// <param name="beta">Summand per channel.</param>
    /// <param name="runningMean">Running mean per channel; follows the batches, is not optimized.</param>
    /// <param name="runningVariance">Running variance per channel, likewise.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">What the running statistics keep of themselves at each step.</param>
    public BatchNormalizationOperator(string name, FeatureMap input, FeatureMap output, Parameter gamma, Parameter beta, Parameter runningMean, Parameter runningVariance, float epsilon, float momentum)
        : base(name, input, output)
    {
        (_gamma, _beta, _runningMean, _runningVariance, _epsilon, _momentum) = (gamma, beta, runningMean, runningVariance, epsilon, momentum);
        var channels = input.Channels;
        (_mean, _scale, _shift, _slope, _gradientShift) = (new float[channels], new float[channels], new float[channels], new float[channels], new float[channels]);
        _inverseDeviation = new double[channels];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_gamma, _beta];

    /// <inheritdoc/>
    public override bool JoinsForward => true;

    /// <inheritdoc/>
    public override bool JoinsBackward => true;

    /// <inheritdoc/>
    public override IEnumerable<float[]> State => [_gamma.Values, _beta.Values, _runningMean.Values, _runningVariance.Values];

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Allocate(int samples)
    {
        var length = checked(samples * Input.Channels);
        if (_sums.Length >= length) return;
        _sums = new float[length];
        _products = new float[length];
    }

    /// <inheritdoc/>
    public override void Prepare()
    {
        for (var c = 0; c < _mean.Length; c++)
            SetAffine(c, _runningMean.Values[c], _runningVariance.Values[c]);
    }

    /// <inheritdoc/>
    public override void GatherForward(SampleBlock block)
    {
        var channels = Input.Channels;
        var mean = block.Scratch.Floats[..channels];
        for (var sample = block.First; sample < block.First + block.Count; sample++)
        {
            var x = Input.Values(sample, 1);
            var sums = _sums.AsSpan(sample * channels, channels);
            ChannelSums.Sum(x, sums);
            TensorPrimitives.Divide(sums, Input.Positions, mean);
            ChannelSums.SquaredDeviations(x, mean, _products.AsSpan(sample * channels, channels));
        }
    }

    /// <inheritdoc/>
    public override int ScratchFloats(int samples) => Input.Channels;

    /// <inheritdoc/>
    public override void JoinForward(int samples)
    {
        var (channels, positions) = (Input.Channels, Input.Positions);
        var count = (double)samples * positions;
        for (var c = 0; c < channels; c++)
        {
            double sum = 0;
            for (var sample = 0; sample < samples; sample++) sum += _sums[(sample * channels) + c];
            var mean = sum / count;
            double squares = 0;
            for (var sample = 0; sample < samples; sample++)
            {
                // Chan's rule: the spread inside a sample, and that of its mean.
                var distance = (_sums[(sample * channels) + c] / (double)positions) - mean;
                squares += _products[(sample * channels) + c] + (positions * distance * distance);
            }

            _mean[c] = (float)mean;
            SetAffine(c, mean, squares / count);
            Follow(_runningMean, c, mean);
            Follow(_runningVariance, c, squares / Math.Max(1, count - 1));
        }
    }

    /// <inheritdoc/>
    public override void Forward(SampleBlock block) => Elementwise.Affine(block.Values(Input), _scale, _shift, block.Values(Output));

    /// <inheritdoc/>
    public override void GatherBackward(SampleBlock block)
    {
        var channels = Input.Channels;
        for (var sample = block.First; sample < block.First + block.Count; sample++)
        {
            var dy = Output.Gradient(sample, 1);
            ChannelSums.Sum(dy, _sums.AsSpan(sample * channels, channels));
            ChannelSums.DeviationProducts(Input.Values(sample, 1), _mean, dy, _products.AsSpan(sample * channels, channels));
        }
    }

    /// <inheritdoc/>
    public override void JoinBackward(int samples)
    {
        var channels = Input.Channels;
        var count = (double)samples * Input.Positions;
        for (var c = 0; c < channels; c++)
        {
            double sum = 0, product = 0;
            for (var sample = 0; sample < samples; sample++)
            {
                sum += _sums[(sample * channels) + c];
                product += _products[(sample * channels) + c];
            }

            var inverse = _inverseDeviation[c];
            _beta.Gradient[c] = (float)sum;
            _gamma.Gradient[c] = (float)(product * inverse);
            _slope[c] = (float)(-_scale[c] * inverse * inverse * product / count);
            _gradientShift[c] = (float)(-_scale[c] * sum / count);
        }
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        if (Input.NeedsGradient)
            ElementwiseGradient.Normalization(block.Values(Input), block.Gradient(Output), _mean, _scale, _slope, _gradientShift, _addsToInput, block.Gradient(Input));
    }

    /// <inheritdoc/>
    public override void Export(IDictionary<string, Tensor> constants)
    {
        base.Export(constants);
        constants[_runningMean.Name] = _runningMean.ToTensor();
        constants[_runningVariance.Name] = _runningVariance.ToTensor();
    }

    private void SetAffine(int c, double mean, double variance)
    {
        _inverseDeviation[c] = 1 / Math.Sqrt(variance + _epsilon);
        _scale[c] = (float)(_gamma.Values[c] * _inverseDeviation[c]);
        _shift[c] = (float)(_beta.Values[c] - (mean * _scale[c]));
    }

    private void Follow(Parameter running, int c, double value)
        => running.Values[c] = (float)((_momentum * (double)running.Values[c]) + ((1 - (double)_momentum) * value));
}
