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
        if (_options.Operands != Operands.Activations) draft.Fill(CodebookSlots.Weights(Name, draft.Layer, _codebook, _options.Bits));
        if (_options.Operands != Operands.Weights) draft.Fill(CodebookSlots.Activations(Name, draft.Layer.Input, _codebook, _options.Bits));
    }
}
