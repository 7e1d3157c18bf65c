using Subbyte.Formats;
using Subbyte.Lowering;

namespace Subbyte.Methods.TermRevealing;

/// <summary>The weights of a layer after term revealing, and what is known of their terms.</summary>
public sealed class RevealedWeights
{
    private RevealedWeights(int bits, short[] codes, byte[] terms)
    {
        Bits = bits;
        Codes = codes;
        Terms = terms;
    }

    /// <summary>Bits of the weights before revealing, b_w.</summary>
    public int Bits { get; }

    /// <summary>Codes made of the kept terms [outputs][depth].</summary>
    public short[] Codes { get; }

    /// <summary>Number of kept terms of each weight [outputs][depth].</summary>
    public byte[] Terms { get; }

    /// <summary>
    /// Reveals one plane of weight codes in groups of consecutive channels at one output channel and one kernel position. The weights
    /// of convolutions with several groups keep all their terms.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="plane">Weight codes; where they are truncated, with magnitudes up to <see cref="TermRevealingDatapath.MaximumMagnitude"/>.</param>
    /// <param name="options">Group size, budget, tail rule and encoding.</param>
    /// <returns>The revealed weights.</returns>
    public static RevealedWeights Of(DotProductLayer layer, WeightPlane plane, TermRevealingOptions options)
    {
        var digits = new SignedDigitTable(options.Encoding, plane.Range.Magnitude);
        var codes = (short[])plane.Codes.Clone();
        var terms = new byte[codes.Length];
        if (Truncates(layer))
        {
            var channels = layer.ChannelsPerGroup;
            for (var position = 0; position < codes.Length; position += channels)
            {
                for (var c = 0; c < channels; c += options.Group)
                {
                    var (start, length) = (position + c, Math.Min(options.Group, channels - c));
                    RecedingWater.Reveal(digits, plane.Codes.AsSpan(start, length), options.BudgetOf(length), codes.AsSpan(start), terms.AsSpan(start));
                }
            }
        }
        else
        {
            for (var i = 0; i < codes.Length; i++) terms[i] = (byte)digits.Count(Math.Abs((int)codes[i]));
        }

        var magnitudeBits = 32 - int.LeadingZeroCount(plane.Range.Magnitude);
        return new RevealedWeights(Math.Max(plane.Bits, magnitudeBits), codes, terms);
    }

    /// <summary>Whether a layer's weights are truncated: those of grouped and depthwise convolutions are not (section 3.4).</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>True when they are.</returns>
    public static bool Truncates(DotProductLayer layer) => layer.Groups == 1;
}
