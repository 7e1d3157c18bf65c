using Subbyte.Calibration;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.OneHot;

/// <summary>k-hot weights in training: scales of output channels are searched anew each epoch.</summary>
/// <param name="name">Name of the method.</param>
/// <param name="outputs">Output channels.</param>
/// <param name="depth">Length of a row.</param>
/// <param name="hot">Most hot bits at the end.</param>
internal sealed class HotWeights(string name, int outputs, int depth, int hot) : ITrainableWeights
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<QuantizerParameter> Parameters { get; } = [new("scales", outputs, QuantizerParameterKind.State), new("hot bits", 1, QuantizerParameterKind.State)];

    /// <inheritdoc/>
    public void Initialize(Span<float> values, IReadOnlyList<float[]> parameters, SeededRandom random)
    {
        parameters[1][0] = hot;
        BeginEpoch(values, parameters);
    }

    /// <inheritdoc/>
    public void BeginEpoch(Span<float> values, IReadOnlyList<float[]> parameters)
    {
        var codebook = HotCodebook.Of((int)parameters[1][0]);
        for (var m = 0; m < outputs; m++) parameters[0][m] = (float)CodebookScale.Of(values.Slice(m * depth, depth), codebook) is > 0 and var scale ? scale : 1;
    }

    /// <inheritdoc/>
    public void Turn(string knob, double position, Span<float> values, IReadOnlyList<float[]> parameters)
    {
        if (knob != HotStages.Knob) return;
        parameters[1][0] = (float)position;
        BeginEpoch(values, parameters);
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, Span<float> quantized)
    {
        var hotValues = HotValues.Of((int)parameters[1][0]);
        for (var i = 0; i < values.Length; i++)
        {
            var scale = parameters[0][i / depth];
            quantized[i] = hotValues.Code(values[i] / scale) * scale;
        }
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters, ReadOnlySpan<float> gradient, Span<float> valueGradient, IReadOnlyList<float[]> parameterGradients)
    {
        var hotValues = HotValues.Of((int)parameters[1][0]);
        for (var i = 0; i < values.Length; i++) valueGradient[i] = hotValues.Passes(values[i] / parameters[0][i / depth]) ? gradient[i] : 0;
    }

    /// <inheritdoc/>
    public WeightCodes Codes(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters)
    {
        var hotValues = HotValues.Of((int)parameters[1][0]);
        var codes = new short[values.Length];
        for (var i = 0; i < codes.Length; i++) codes[i] = (short)hotValues.Code(values[i] / parameters[0][i / depth]);
        var bits = HotCodebook.Bits(HotCodebook.Of((int)parameters[1][0]));
        return new WeightCodes(name, [new WeightPlane(codes, [.. parameters[0]], bits)], ((long)bits * codes.Length) + (32L * outputs));
    }
}
