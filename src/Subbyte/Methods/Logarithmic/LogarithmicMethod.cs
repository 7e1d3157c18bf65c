using Subbyte.Calibration;
using Subbyte.Lowering;

namespace Subbyte.Methods.Logarithmic;

/// <summary>
/// Logarithmic codes (uniform baselines, section 3.6; tie rules and scale search of one-hot networks, sections 3.1 and 3.2): zero and signed
/// powers of two times a scale, one for each output channel and one for the layer's input.
/// </summary>
public sealed class LogarithmicMethod : ILayerMethod
{
    private const string Name = "log";

    private readonly LogarithmicOptions _options;
    private readonly MagnitudeCodebook _codebook;

    /// <summary>The method.</summary>
    /// <param name="options">Options.</param>
    public LogarithmicMethod(LogarithmicOptions options)
    {
        _options = options;
        _codebook = MagnitudeCodebook.PowersOfTwo((1 << (options.Bits - 1)) - 1, options.Rounding == LogarithmicRounding.Log);
    }

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<LogarithmicOptions>(
        Name,
        "logarithmic codes: zero and signed powers of two, for weights and activations",
        "uniform baselines, section 3.6; D. Miyashita et al., \"Convolutional Neural Networks using Logarithmic Data Representation\", 2016",
        options => new LogarithmicMethod(options),
        "log:bits=4",
        "log:bits=4 + output-correction");

    /// <inheritdoc/>
    /// <remarks>A code has one significant bit, whatever its width: the first and last layer stay at uniform eight bits.</remarks>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        if (_options.Operands != Operands.Activations) draft.Fill(Weights(draft.Layer));
        if (_options.Operands != Operands.Weights) draft.Fill(Activations(draft.Layer.Input));
    }

    private WeightCodes Weights(DotProductLayer layer)
    {
        var codes = new short[layer.Outputs * layer.Depth];
        var scales = new float[layer.Outputs];
        for (var m = 0; m < layer.Outputs; m++)
        {
            var row = layer.Row(m);
            scales[m] = Step(CodebookScale.Of(row, _codebook));
            new ThresholdActivations(Name, _codebook, scales[m], isNonNegative: false, _options.Bits).Encode(row, codes.AsSpan(m * layer.Depth, layer.Depth));
        }

        return new WeightCodes(Name, [new WeightPlane(codes, scales, _options.Bits)], ((long)_options.Bits * codes.Length) + (32L * layer.Outputs));
    }

    private ThresholdActivations Activations(ILayerStatistics input)
    {
        var scale = CodebookScale.Of(new AbsoluteHistogram(input.AbsoluteHistogram, input.AbsoluteMaximum), _codebook);
        return new ThresholdActivations(Name, _codebook, Step(scale), input.IsNonNegative, _options.Bits);
    }

    /// <summary>The scale as float32; what underflows stands for zeros alone.</summary>
    private static float Step(double scale) => (float)scale > 0 ? (float)scale : 1;
}
