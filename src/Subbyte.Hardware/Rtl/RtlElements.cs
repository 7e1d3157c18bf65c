using Subbyte.Lowering;
using Subbyte.Methods.Fpec;
using Subbyte.Methods.NbSmt;
using Subbyte.Methods.Sparq;
using Subbyte.Methods.TermRevealing;

namespace Subbyte.Hardware.Rtl;

/// <summary>The RTL element of a layer's datapath.</summary>
public static class RtlElements
{
    /// <summary>The element that runs a layer.</summary>
    /// <param name="draft">The layer's slots.</param>
    /// <returns>The element with the layer's weights.</returns>
    /// <exception cref="UserErrorException">There is no block for the datapath, or it does not take these codes.</exception>
    public static RtlElement Of(LayerDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var layer = draft.Layer;
        var weights = draft.Weights!.Planes[0].Codes;
        var input = draft.Activations ?? throw Refused(draft, $"{draft.Weights.FilledBy} keeps the activations float");
        switch (draft.Datapath)
        {
            case NbSmtDatapath { Options.Threads: > 1 } datapath:
                return Threads(draft, datapath, weights);
            case SparqDatapath { Options.Stc: true }:
                throw Refused(draft, "pairs of 2:4 sparse weights need a selector that the block does not have; leave stc out");
            case SparqDatapath datapath:
                RequireOnePlane(draft);
                return new SparqElement(datapath.Unit, weights, layer.Depth);
            case FpecDatapath datapath:
                return new CompensatedElement((FpecActivations)input, datapath.Options.Weights(layer), weights, draft.Weights.Planes.Count > 1 ? draft.Weights.Planes[1].Codes : null, layer.Depth, datapath.Options.Adders);
            case TermRevealingDatapath datapath:
                RequireOnePlane(draft);
                if (!RevealedWeights.Truncates(layer)) throw Refused(draft, "its weights keep all their terms; take a convolution of one group");
                return new TermElement(datapath.Options, weights, input.ZeroPoint, layer.ChannelsPerGroup, layer.Depth);
            default:
                RequireOnePlane(draft);
                return Exact(draft, input, weights);
        }
    }

    /// <summary>Two conventional elements in one, for a layer that one of them takes.</summary>
    /// <param name="draft">The layer's slots.</param>
    /// <returns>The element with the layer's weights.</returns>
    /// <exception cref="UserErrorException">The conventional element does not take these codes.</exception>
    public static RtlElement PairOf(LayerDraft draft)
        => Of(draft) is ConventionalElement ? new ConventionalElement(draft.Weights!.Planes[0].Codes, draft.Layer.Depth, isPair: true) : throw Refused(draft, "pairs are of conventional elements; take int8");

    /// <summary>A layer on term MACs in both modes: elements with the same slots, between which the control registers switch.</summary>
    /// <param name="draft">The layer's slots; its recipe is Term Revealing.</param>
    /// <returns>Term-revealed, conventional, and term-revealed again.</returns>
    /// <exception cref="UserErrorException">The recipe is another.</exception>
    public static IReadOnlyList<RtlElement> ModesOf(LayerDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (draft.Datapath is not TermRevealingDatapath { Options: var options } || Of(draft) is not TermElement revealed)
            throw Refused(draft, "the modes are those of Term Revealing; give a recipe with tr");
        var digits = options with { Group = 1, Budget = options.WeightBits, Terms = options.DataBits, Encoding = Formats.SignedDigitEncoding.Binary, DataEncoding = DataEncoding.Same };
        var conventional = new TermElement(digits, draft.Weights!.Planes[0].Codes, draft.Activations!.ZeroPoint, draft.Layer.ChannelsPerGroup, draft.Layer.Depth);
        var slots = TermSlots.Of(revealed.Slots, conventional.Slots);
        return [revealed.With(slots), conventional.With(slots), revealed.With(slots)];
    }

    private static ThreadedElement Threads(LayerDraft draft, NbSmtDatapath datapath, short[] weights)
    {
        var (layer, options) = (draft.Layer, datapath.Options);
        var policy = SqueezePolicy.Find(options.Policy);
        if (options.Threads == 4 && policy.Check == WidthCheck.Either) throw Refused(draft, $"the four-threaded block does not swap operands, as {policy.Name} would; take S, S+A or S+W");
        var order = options.Reorder ? ChannelOrder.Of(layer.Input.ChannelActivity) : null;
        return new ThreadedElement(policy, ThreadArrangement.Of(layer, options.Threads, options.Split, order), weights, layer.Depth);
    }

    private static RtlElement Exact(LayerDraft draft, IActivationQuantizer input, short[] weights)
    {
        var range = draft.Weights!.Single.Range;
        if (draft.Weights.FilledBy == "one-hot" && input.FilledBy == "one-hot") return new OneHotElement(weights, draft.Layer.Depth);
        if (IsConventional(input, range)) return new ConventionalElement(weights, draft.Layer.Depth);
        return new FixedPointElement(weights, draft.Layer.Depth, Math.Max(BitsOf(input.Range), BitsOf(range)));
    }

    private static bool IsConventional(IActivationQuantizer input, CodeRange weights)
        => input.Range.Lowest >= 0 && input.Range.Highest <= byte.MaxValue && weights.Lowest >= sbyte.MinValue && weights.Highest <= sbyte.MaxValue;

    private static int BitsOf(CodeRange range) => Math.Max(2, 1 + int.Max(SignificantBits(range.Lowest), SignificantBits(range.Highest)));

    private static int SignificantBits(int code) => 32 - int.LeadingZeroCount(code < 0 ? ~code : code);

    private static void RequireOnePlane(LayerDraft draft)
    {
        if (draft.Weights!.Planes.Count > 1) throw Refused(draft, $"the block takes one plane of weight codes, and {draft.Weights.FilledBy} has {draft.Weights.Planes.Count}");
    }

    private static UserErrorException Refused(LayerDraft draft, string why) => new($"layer '{draft.Layer.Name}' has no RTL: {why}");
}
