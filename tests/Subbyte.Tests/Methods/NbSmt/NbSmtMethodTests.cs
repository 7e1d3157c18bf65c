using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.NbSmt;
using Subbyte.Onnx.Export;
using Subbyte.Tests.Lowering;
using Subbyte.Tests.Methods.Sparq;

namespace Subbyte.Tests.Methods.NbSmt;

/// <summary>Recipes, which layers are covered, which channels become partners.</summary>
public class NbSmtMethodTests
{
    [Theory]
    [InlineData("nb-smt", "nb-smt:threads=2,policy=S+A,split=channel,reorder=false")]
    [InlineData("nb-smt:threads=4,policy=S+Aw,reorder", "nb-smt:threads=4,policy=S+Aw,split=channel,reorder=true")]
    [InlineData("nb-smt:policy=aW,split=k-halves", "nb-smt:threads=2,policy=aW,split=k-halves,reorder=false")]
    [InlineData("nb-smt:threads=1,split=adjacent,layers=x", "nb-smt:threads=1,policy=S+A,split=adjacent,reorder=false,layers=x")]
    public void Recipes_have_one_canonical_form(string recipe, string canonical) => Recipe.Parse(recipe).Canonical.ShouldBe(canonical);

    [Theory]
    [InlineData("nb-smt:threads=3", "1, 2 or 4")]
    [InlineData("nb-smt:threads=8", "1..4")]
    [InlineData("nb-smt:policy=S+B", "S+Aw")]
    [InlineData("nb-smt:split=rows", "k-halves")]
    [InlineData("nb-smt:threads=4,policy=W", "policy=S+W is")]
    [InlineData("nb-smt:split=adjacent,reorder", "split=channel")]
    public void A_wrong_option_is_refused_with_the_way_out(string recipe, string wayOut)
        => Should.Throw<UserErrorException>(() => Recipe.Parse(recipe)).Message.ShouldContain(wayOut);

    [Theory]
    [InlineData(LayerKind.Convolution, 0f, true)]
    [InlineData(LayerKind.Convolution, -0.1f, false)]
    [InlineData(LayerKind.FullyConnected, 0f, false)]
    [InlineData(LayerKind.DepthwiseConvolution, 0f, false)]
    [InlineData(LayerKind.GroupedConvolution, 0f, false)]
    public void Other_layers_run_on_one_thread_and_say_so(LayerKind kind, float minimum, bool covered)
    {
        var draft = new LayerDraft(new DotProductLayer
        {
            Name = "layer",
            Index = 1,
            Kind = kind,
            Positions = 1,
            Outputs = 2,
            Depth = 2,
            Groups = kind is LayerKind.DepthwiseConvolution or LayerKind.GroupedConvolution ? 2 : 1,
            Weights = new float[] { 1, -2, 3, 4 },
            Bias = new float[2],
            Input = new SampleStatistics(minimum, 1),
        });
        new NbSmtMethod(new NbSmtOptions()).Fill(draft);
        var lowered = RecipeApplication.Complete(draft);
        (draft.Note is null).ShouldBe(covered, draft.Note);
        (lowered.Groups[0].Terms[0].Activation.Reach != CodeReach.Element).ShouldBe(covered);
        lowered.Cost.Start().Count(0).Operations.Keys.ShouldContain("multiplierCycles");
    }

    [Fact]
    public void Partners_are_half_the_channels_apart_and_padded_ones_are_idle()
    {
        ThreadArrangement.Of(Layer(channels: 4), 2, ThreadSplit.Channel).Partners[0].ShouldBe([2, 3, 0, 1]);
        ThreadArrangement.Of(Layer(channels: 5), 2, ThreadSplit.Channel).Partners[0].ShouldBe([3, 4, -1, 0, 1]);
        ThreadArrangement.Of(Layer(channels: 4), 4, ThreadSplit.Channel).Partners.ShouldBe(new[] { new[] { 1, 2, 3, 0 }, [2, 3, 0, 1], [3, 0, 1, 2] });
        ThreadArrangement.Of(Layer(channels: 5), 2, ThreadSplit.Channel).Cycles.ShouldBe(9 * 3);
        ThreadArrangement.Of(Layer(channels: 5), 2, ThreadSplit.KHalves).Cycles.ShouldBe(23);
        ThreadArrangement.Of(Layer(channels: 5), 4, ThreadSplit.Adjacent).Cycles.ShouldBe(12);
    }

    [Fact]
    public void The_busiest_channel_meets_the_idlest()
    {
        // Keys 1000·nonZero + wide: channel 1, 3, 0, 2 from the busiest on; 0 and 3 tie in their non-zeros.
        ChannelActivity[] activity = [new(5, 0), new(9, 1), new(0, 0), new(5, 2)];
        var order = ChannelOrder.Of(activity);
        order.ShouldBe([1, 3, 0, 2]);
        ThreadArrangement.Of(Layer(channels: 4), 2, ThreadSplit.Channel, order).Partners[0].ShouldBe([3, 2, 1, 0]);
        ChannelOrder.Of([new(1, 1), new(1, 1), new(2, 0)]).ShouldBe([2, 0, 1]);

        // Quarters: (6 7) (5 4) (3 2) (0 1) where 6 is the busiest.
        var quarters = ThreadArrangement.Of(Layer(channels: 8), 4, ThreadSplit.Channel, [6, 7, 4, 5, 3, 2, 1, 0]);
        quarters.Operands(0).ToArray().ShouldBe([6, 5, 3, 0]);
        quarters.Operands(1).ToArray().ShouldBe([7, 4, 2, 1]);
    }

    [Fact]
    public void Codes_of_other_methods_are_taken_as_they_are_or_refused_by_name()
    {
        var draft = new LayerDraft(Layer(channels: 2));
        draft.Fill(new UniformActivations("uniform", new CodeRange(-127, 127), 0.1f, 0, 8, Rounding.HalfEven));
        Refusal(draft).ShouldContain("those of uniform are -127..127");
        draft = new LayerDraft(Layer(channels: 2));
        draft.Fill(new WeightCodes("fxp", [new WeightPlane([.. Enumerable.Repeat((short)200, 18)], [1f], 16)], 80));
        Refusal(draft).ShouldContain("codes of fxp are 200..200");
        draft = new LayerDraft(Layer(channels: 2));
        draft.Fill(new WeightCodes("planes", [new WeightPlane(new short[18], [1f], 1), new WeightPlane(new short[18], [1f], 1)], 80));
        Refusal(draft).ShouldContain("planes has 2");
        draft = new LayerDraft(Layer(channels: 2));
        draft.KeepFloatActivations("weights-only");
        Refusal(draft).ShouldContain("float");
    }

    [Theory]
    [InlineData(ThreadSplit.KHalves, 4, "split=channel can be written")]
    [InlineData(ThreadSplit.Channel, 3, "3 channels cannot be dealt to 2 threads")]
    [InlineData(ThreadSplit.Adjacent, 3, "3 channels cannot be dealt to 2 threads")]
    public void What_cannot_be_written_in_ONNX_says_why(ThreadSplit split, int channels, string reason)
    {
        var code = NbSmtVectors.Lower(Layer(channels), new NbSmtOptions { Split = split }).Groups[0].Terms.Select(term => term.Activation).OfType<CollisionCode>().First();
        Should.Throw<NotExpressibleException>(() => code.Express(new CodeGraph("layer"), "codes", new CodeShape(1, channels, channels, 2))).Message.ShouldContain(reason);
    }

    private static string Refusal(LayerDraft draft)
    {
        var datapath = new NbSmtDatapath(new NbSmtOptions());
        datapath.FillEmptySlots(draft);
        return datapath.Refuses(draft).ShouldNotBeNull();
    }

    private static DotProductLayer Layer(int channels)
        => SparqLayers.Random(new Random(1), new ConvolutionGeometry { InHeight = 3, InWidth = 3, InChannels = channels, OutChannels = 1, KernelHeight = 3, KernelWidth = 3 }, sparse: false);
}
