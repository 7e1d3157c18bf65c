using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.Sparq;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.Sparq;

public class SparqMethodTests
{
    [Theory]
    [InlineData("sparq", "sparq:window=4b5opt,round=true,pairs=true,stc=false,weight-scale=255")]
    [InlineData("sparq:window=5opt", "sparq:window=4b5opt,round=true,pairs=true,stc=false,weight-scale=255")]
    [InlineData("sparq:window=3opt,round=false", "sparq:window=4b3opt,round=false,pairs=true,stc=false,weight-scale=255")]
    [InlineData("sparq:window=2opt,pairs=false", "sparq:window=4b2opt,round=true,pairs=false,stc=false,weight-scale=255")]
    [InlineData("sparq:window=2b7opt,stc,weight-scale=127", "sparq:window=2b7opt,round=true,pairs=true,stc=true,weight-scale=127")]
    public void Recipes_have_one_canonical_form(string recipe, string canonical) => Recipe.Parse(recipe).Canonical.ShouldBe(canonical);

    [Theory]
    [InlineData("sparq:window=6b3opt", "window")]
    [InlineData("sparq:weight-scale=128", "weight-scale")]
    [InlineData("sparq:opt=5", "opt")]
    public void A_wrong_option_is_named(string recipe, string named)
        => Should.Throw<UserErrorException>(() => Recipe.Parse(recipe)).Message.ShouldContain($"'{named}'");

    [Fact]
    public void The_first_and_last_layers_are_not_covered() => new SparqMethod(new()).CoversEnds.ShouldBeFalse();

    [Theory]
    [InlineData(LayerKind.Convolution, 0f, true)]
    [InlineData(LayerKind.FullyConnected, 0f, true)]
    [InlineData(LayerKind.Convolution, -0.1f, false)]
    [InlineData(LayerKind.DepthwiseConvolution, 0f, false)]
    [InlineData(LayerKind.GroupedConvolution, 0f, false)]
    public void Signed_inputs_and_grouped_layers_stay_at_eight_bits_and_say_so(LayerKind kind, float minimum, bool covered)
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
            Weights = new float[4],
            Bias = new float[2],
            Input = new SampleStatistics(minimum, 1),
        });
        new SparqMethod(new SparqOptions()).Fill(draft);
        (draft.Datapath is SparqDatapath).ShouldBe(covered);
        (draft.Note is null).ShouldBe(covered);
    }

    [Fact]
    public void Codes_of_other_methods_are_taken_as_they_are()
    {
        var draft = new LayerDraft(SparqLayers.Of([1, 2, 3]));
        var activations = new UniformActivations("four", new CodeRange(0, 15), 0.25f, 0, 4, Rounding.HalfEven);
        draft.Fill(activations);
        draft.Fill(new WeightCodes("four", [new WeightPlane([1, -8, 7], [0.5f], 4)], 44));
        var lowered = SparqLayers.Lower(draft, new SparqOptions());
        lowered.Input.ShouldBeSameAs(activations);
        lowered.Groups[0].Terms[0].Weights.ShouldBe(new short[] { 1, -8, 7 });
        lowered.Groups[0].Scales.ShouldBe(new[] { 0.125f });
    }

    [Fact]
    public void Signed_activation_codes_are_refused_by_name()
        => Refusal(draft => draft.Fill(new UniformActivations("uniform", new CodeRange(-127, 127), 0.1f, 0, 8, Rounding.HalfEven)))
            .ShouldContain("sparq trims activation codes 0..255 with zero point 0, and those of uniform are -127..127");

    [Fact]
    public void Activations_with_a_zero_point_are_refused_by_name()
        => Refusal(draft => draft.Fill(new UniformActivations("uniform", new CodeRange(0, 255), 0.1f, 3, 8, Rounding.HalfEven))).ShouldContain("zero point 3");

    [Fact]
    public void Float_activations_are_refused_by_name() => Refusal(draft => draft.KeepFloatActivations("weights-only")).ShouldContain("float");

    [Fact]
    public void Weights_beyond_eight_bits_are_refused_by_name()
        => Refusal(draft => draft.Fill(new WeightCodes("fxp", [new WeightPlane([1, 200, 3], [1f], 16)], 80))).ShouldContain("the codes of fxp are 1..200");

    [Fact]
    public void Dense_weights_in_the_sparse_form_are_refused_with_the_way_out()
    {
        var refusal = Refusal(_ => { }, new SparqOptions { Stc = true });
        refusal.ShouldContain("output channel 0 has more than two in k = 0..3");
        refusal.ShouldContain("prune:pattern=2:4");
        refusal.ShouldNotContain("\n");
    }

    [Fact]
    public void A_weight_that_quantizes_to_zero_counts_as_pruned()
        => SparqLayers.Lower(SparqLayers.Of([1, 0.001f, 1, 0]), new SparqOptions { Stc = true }).Groups[0].Terms.Count.ShouldBe(1);

    private static string Refusal(Action<LayerDraft> fill, SparqOptions? options = null)
    {
        var draft = new LayerDraft(SparqLayers.Of([1, 2, 3]));
        fill(draft);
        var datapath = new SparqDatapath(options ?? new SparqOptions());
        datapath.FillEmptySlots(draft);
        return datapath.Refuses(draft).ShouldNotBeNull();
    }
}
