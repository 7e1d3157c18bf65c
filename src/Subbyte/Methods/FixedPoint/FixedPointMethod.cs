using Subbyte.Calibration;
using Subbyte.Formats;
using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Methods.FixedPoint;

/// <summary>
/// Fixed point (uniform baselines, section 3.5): two's complement codes with a power-of-two scale, one format for a layer's weights, one for
/// its input. Sixteen bits are the accelerator papers' lossless reference; their sums need 64 bits, which the executor sees from the code ranges.
/// </summary>
/// <param name="options">Options.</param>
public sealed class FixedPointMethod(FixedPointOptions options) : ILayerMethod
{
    private const string Name = "fxp";

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<FixedPointOptions>(
        Name,
        "fixed point: power-of-two scales, one for a layer's weights and one for its input",
        "uniform baselines, section 3.5; the number format of DaDianNao (16 bits) and Laconic (8 bits)",
        options => new FixedPointMethod(options),
        "fxp:bits=16",
        "fxp:bits=8");

    /// <inheritdoc/>
    public bool CoversEnds => options.Bits >= 8;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        if (options.Operands != Operands.Activations) draft.Fill(Weights(draft.Layer));
        if (options.Operands != Operands.Weights) draft.Fill(Activations(draft.Layer.Input));
    }

    private WeightCodes Weights(DotProductLayer layer)
    {
        var weights = layer.Weights.Span;
        var format = FixedPointFormat.For(MinMaxClip.Of(weights), options.Bits);
        var codes = new short[weights.Length];
        Quantizer.ToInt16(weights, format.Scale, 0, format.Lowest, format.Highest, codes);
        var scales = new float[layer.Outputs];
        Array.Fill(scales, format.Scale);
        return new WeightCodes(Name, [new WeightPlane(codes, scales, options.Bits)], ((long)options.Bits * codes.Length) + 32);
    }

    private UniformActivations Activations(ILayerStatistics input)
    {
        var format = FixedPointFormat.For(input.AbsoluteMaximum, options.Bits);
        return new UniformActivations(Name, CodeRange.Signed(options.Bits), format.Scale, 0, options.Bits, Rounding.HalfEven);
    }
}
