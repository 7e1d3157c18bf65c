using Subbyte.Calibration;

namespace Subbyte.Lowering;

/// <summary>Fills slots with codes of a symmetric codebook at the scale of least squared error: one for each output channel, one for the layer's input.</summary>
public static class CodebookSlots
{
    /// <summary>Patch rows whose values show the levels of a trained input.</summary>
    private const int TrainedRows = 2000;

    /// <summary>Weight codes.</summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="codebook">Levels and thresholds.</param>
    /// <param name="bits">Bits that a stored code takes.</param>
    /// <returns>The codes, which are the levels with their sign.</returns>
    public static WeightCodes Weights(string method, DotProductLayer layer, MagnitudeCodebook codebook, int bits)
    {
        var codes = new short[layer.Outputs * layer.Depth];
        var scales = new float[layer.Outputs];
        for (var m = 0; m < layer.Outputs; m++)
        {
            var row = layer.Row(m);
            scales[m] = ExactScale.Of(row, codebook) ?? Step(CodebookScale.Of(row, codebook));
            new ThresholdActivations(method, codebook, scales[m], isNonNegative: false, bits).Encode(row, codes.AsSpan(m * layer.Depth, layer.Depth));
        }

        return new WeightCodes(method, [new WeightPlane(codes, scales, bits)], ((long)bits * codes.Length) + (32L * layer.Outputs));
    }

    /// <summary>The quantizer of the activations.</summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="input">Statistics of the layer's input.</param>
    /// <param name="codebook">Levels and thresholds.</param>
    /// <param name="bits">Bits that a stored code takes.</param>
    /// <param name="powerOfTwo">Whether the scale must be a power of two.</param>
    /// <returns>The quantizer.</returns>
    public static ThresholdActivations Activations(string method, ILayerStatistics input, MagnitudeCodebook codebook, int bits, bool powerOfTwo = false)
    {
        var scale = Trained(input, codebook) ?? Step(CodebookScale.Of(new AbsoluteHistogram(input.AbsoluteHistogram, input.AbsoluteMaximum), codebook, powerOfTwo));
        return new ThresholdActivations(method, codebook, scale, input.IsNonNegative, bits);
    }

    /// <summary>The scale of an input that a training has quantized with these codes. A histogram with more busy bins than there are levels saves the pass over the data.</summary>
    private static float? Trained(ILayerStatistics input, MagnitudeCodebook codebook)
    {
        if (input.AbsoluteMaximum == 0) return null;
        var busy = 0;
        foreach (var count in input.AbsoluteHistogram.Span) busy += count > 0 ? 1 : 0;
        return busy <= codebook.Levels.Length ? ExactScale.Of(input.Patches(0, TrainedRows).Values, codebook) : null;
    }

    /// <summary>The scale as float32; what underflows stands for zeros alone.</summary>
    private static float Step(double scale) => (float)scale > 0 ? (float)scale : 1;
}
