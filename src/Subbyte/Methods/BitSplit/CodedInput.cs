using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Methods.BitSplit;

/// <summary>A layer's input as codes, with one scale or one for each input channel.</summary>
internal sealed class CodedInput
{
    private readonly DotProductLayer _layer;
    private readonly float[] _channelScales;

    private CodedInput(DotProductLayer layer, IActivationQuantizer quantizer, float[] channelScales)
    {
        _layer = layer;
        Quantizer = quantizer;
        _channelScales = channelScales;
    }

    /// <summary>The quantizer of the layer's input.</summary>
    public IActivationQuantizer Quantizer { get; }

    /// <summary>One scale for each input channel (error compensation).</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="bits">Bits of a code.</param>
    /// <param name="patches">Most patches that the scales are fitted to.</param>
    /// <returns>The input.</returns>
    public static CodedInput PerChannel(DotProductLayer layer, int bits, int patches)
    {
        var range = Range(layer, bits);
        float[] scales = [.. Enumerable.Range(0, layer.Groups).SelectMany(group => ActivationFit.ChannelScales(layer.Input.Patches(group, patches), layer.ChannelsPerGroup, range))];
        return new CodedInput(layer, new ChannelActivations(BitSplitMethod.Name, range, scales, bits), scales);
    }

    /// <summary>One scale for the layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="bits">Bits of a code.</param>
    /// <param name="patches">Most patches that the scale is fitted to.</param>
    /// <returns>The input.</returns>
    public static CodedInput PerLayer(DotProductLayer layer, int bits, int patches)
    {
        var range = Range(layer, bits);
        var groups = Enumerable.Range(0, layer.Groups).Select(group => layer.Input.Patches(group, patches)).ToArray();
        var rows = groups.Length == 1 ? groups[0] : new PatchRows(layer.Depth, [.. groups.SelectMany(group => group.Values)]);
        var scale = ActivationFit.LayerScale(rows, range);
        var scales = new float[layer.Groups * layer.ChannelsPerGroup];
        Array.Fill(scales, scale);
        return new CodedInput(layer, new UniformActivations(BitSplitMethod.Name, range, scale, 0, bits, Rounding.HalfEven), scales);
    }

    /// <summary>Scale of an input channel.</summary>
    /// <param name="channel">Input channel, all groups together.</param>
    /// <returns>The scale.</returns>
    public float Scale(int channel) => _channelScales[channel];

    /// <summary>Codes of patch rows, as integers in float32.</summary>
    /// <param name="rows">Rows of a group.</param>
    /// <param name="group">The group.</param>
    /// <returns>Rows of codes.</returns>
    public PatchRows Encode(PatchRows rows, int group)
    {
        var channels = _layer.ChannelsPerGroup;
        var ofGroup = new ChannelActivations(BitSplitMethod.Name, Quantizer.Range, _channelScales.AsSpan(group * channels, channels), (int)Quantizer.Bits);
        var codes = new short[rows.Values.Length];
        ofGroup.Encode(rows.Values, codes);
        return new PatchRows(rows.Depth, Array.ConvertAll(codes, code => (float)code));
    }

    private static CodeRange Range(DotProductLayer layer, int bits) => layer.Input.IsNonNegative ? CodeRange.Unsigned(bits) : CodeRange.Narrow(bits);
}
