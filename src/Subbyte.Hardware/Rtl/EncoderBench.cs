using System.Numerics;
using Subbyte.Formats;
using Subbyte.Methods.TermRevealing;

namespace Subbyte.Hardware.Rtl;

/// <summary>Testbenches of the blocks in front of term MACs: the HESE encoder, and encoders with the group budget unit.</summary>
public static class EncoderBench
{
    private const int SignBit = 20;
    private const int ExponentPlace = 5;
    private const long Mixing = 1_099_511;
    private const long Mask = (1L << 40) - 1;

    /// <summary>The encoder on every weight and activation of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The testbench.</returns>
    public static RtlBench OfEncoder(RtlLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var zero = layer.Draft.Activations?.ZeroPoint ?? 0;
        int[] magnitudes = [.. Weights(layer).Select(code => Math.Abs((int)code)), .. layer.Rows.Select(code => Math.Abs(code - zero))];
        return OfEncoder(magnitudes, Width(magnitudes.Max()));
    }

    /// <summary>Encoders and group budget on every group of a layer's weights.</summary>
    /// <param name="layer">The layer; its recipe is Term Revealing.</param>
    /// <returns>The testbench.</returns>
    /// <exception cref="UserErrorException">The recipe is another.</exception>
    public static RtlBench OfRevealer(RtlLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (layer.Draft.Datapath is not TermRevealingDatapath { Options: var options }) throw new UserErrorException("the group budget unit belongs to Term Revealing; give a recipe with tr");
        var groups = new List<short[]>();
        var (weights, channels) = (Weights(layer), layer.Layer.ChannelsPerGroup);
        for (var start = 0; start < weights.Length; start += channels)
        {
            // A group that is shorter is filled up with zeros, which have no terms.
            foreach (var chunk in weights.AsSpan(start, channels).ToArray().Chunk(options.Group)) groups.Add([.. chunk, .. new short[options.Group - chunk.Length]]);
        }

        return OfRevealer(options, groups, Width(weights.Max(code => Math.Abs((int)code))));
    }

    /// <summary>The encoder on magnitudes, each with and without HESE.</summary>
    /// <param name="magnitudes">Magnitudes.</param>
    /// <param name="bits">Width, 2 … 14; every magnitude fits it.</param>
    /// <returns>The testbench.</returns>
    public static RtlBench OfEncoder(IReadOnlyList<int> magnitudes, int bits)
    {
        var words = new List<(BigInteger, BigInteger)>();
        long cycles = 0;
        var terms = new SignedTerm[SignedDigits.MaximumTerms];
        foreach (var hese in new[] { false, true })
        {
            foreach (var magnitude in magnitudes)
            {
                var count = SignedDigits.Encode(hese ? SignedDigitEncoding.Hese : SignedDigitEncoding.Binary, magnitude, terms);
                long result = 0;
                foreach (var term in terms.AsSpan(0, count)) result |= (1L << term.Exponent) | (term.IsNegative ? 1L << (SignBit + term.Exponent) : 0);
                words.Add((magnitude | ((hese ? 1 : 0) << bits), result));
                cycles += bits + (hese ? 1 : 0);
            }
        }

        return RtlBench.OfWords("hese_encoder", "encoder_tb.v", ["hese_encoder"], words, bits + 1, [("P0", $"{bits}")], cycles);
    }

    /// <summary>Encoders and group budget on groups of weights.</summary>
    /// <param name="options">Group size, budget and encoding.</param>
    /// <param name="groups">Weight codes of each group, as many as the group size.</param>
    /// <param name="bits">Bits of a magnitude; every code fits them.</param>
    /// <returns>The testbench.</returns>
    public static RtlBench OfRevealer(TermRevealingOptions options, IReadOnlyList<short[]> groups, int bits)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(groups);
        if (options.Encoding is not (SignedDigitEncoding.Hese or SignedDigitEncoding.Binary)) throw new UserErrorException($"the encoder block knows hese and binary terms, not {options.Encoding}");
        var element = new TermElement(options, [], 0, options.Group, options.Group);
        var words = new List<(BigInteger, BigInteger)>();
        long cycles = 0;
        foreach (var group in groups)
        {
            var word = BigInteger.Zero;
            for (var i = 0; i < group.Length; i++) word |= (new BigInteger(Math.Abs((int)group[i])) | (group[i] < 0 ? BigInteger.One << bits : 0)) << (i * (bits + 1));
            long hash = 1;
            var kept = 0;
            foreach (var (index, term, isNegative) in element.Kept(group, options.Budget))
            {
                var entry = (long)index | ((long)term.Exponent << ExponentPlace) | (term.IsNegative != isNegative ? 1L << (ExponentPlace + 4) : 0);
                hash = (long)((((BigInteger)hash * Mixing) + entry + 1) & Mask);
                kept++;
            }

            words.Add((word, hash));
            cycles += bits + (options.Encoding == SignedDigitEncoding.Hese ? 1 : 0) + kept;
        }

        return RtlBench.OfWords(
            "term_revealer",
            "revealer_tb.v",
            ["hese_encoder", "group_budget"],
            words,
            options.Group * (bits + 1),
            [("P0", $"{bits}"), ("P1", $"{options.Group}"), ("P2", $"{element.Slots.IndexBits}"), ("CONTROL", $"22'd{element.Control.Register}")],
            cycles);
    }

    private static short[] Weights(RtlLayer layer) => layer.Draft.Weights!.Planes[0].Codes;

    private static int Width(int magnitude) => Math.Max(2, int.Log2(Math.Max(1, magnitude)) + 1);
}
