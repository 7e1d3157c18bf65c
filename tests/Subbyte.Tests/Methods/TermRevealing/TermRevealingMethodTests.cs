using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.TermRevealing;

namespace Subbyte.Tests.Methods.TermRevealing;

public class TermRevealingMethodTests
{
    [Fact]
    public void TheRecipeHasTheDefaultsOfThePaper()
        => Recipe.Parse("tr").Canonical.ShouldBe("tr:group=8,budget=16,terms=3,encoding=hese,data-encoding=same,w=8,d=8,tail=full,grid=product,float-data=false");

    [Theory]
    [InlineData("hese")]
    [InlineData("hese-run")]
    [InlineData("naf")]
    [InlineData("booth2")]
    [InlineData("booth4")]
    [InlineData("binary")]
    public void TheRecipeNamesEveryEncoding(string encoding)
        => Recipe.Parse($"tr:group=16,budget=24,encoding={encoding},tail=proportional,grid=repo").Canonical.ShouldContain($"encoding={encoding},");

    [Theory]
    [InlineData("tr:group=33", "1..32")]
    [InlineData("tr:budget=0", "1..127")]
    [InlineData("tr:terms=11", "1..10")]
    [InlineData("tr:w=1", "2..9")]
    [InlineData("tr:encoding=csd", "hese|hese-run|naf|booth2|booth4|binary")]
    public void ValuesOutOfRangeAreRefusedWithWhatIsAllowed(string recipe, string allowed)
        => Should.Throw<UserErrorException>(() => Recipe.Parse(recipe)).Message.ShouldContain(allowed);

    [Fact]
    public void TheShowcaseRecipesAreRecipes()
    {
        foreach (var recipe in TermRevealingMethod.Descriptor.Showcase) Recipe.Parse(recipe).Steps.Count.ShouldBe(1);
    }

    [Fact]
    public void RevealsTheWeightCodesOfAnotherMethod()
    {
        var draft = new LayerDraft(Layers.FullyConnected(1, 8));
        draft.Fill(new WeightCodes("bit-split", [new WeightPlane([7, 7, 7, 7, 7, 7, 7, 7], [0.5f], 4)], 32));
        var lowered = Lower(draft, new TermRevealingOptions { Budget = 8 });
        lowered.Groups.Single().Terms.Single().Weights.ShouldAllBe(code => code == 8);
        lowered.FloatWeights.ShouldAllBe(weight => weight == 4f);
    }

    [Fact]
    public void AsymmetricDataAreTruncatedFromTheirZeroPointOn()
    {
        var draft = new LayerDraft(Layers.FullyConnected(1, 4, [1, 1, 1, 1]));
        draft.Fill(new UniformActivations("uniform", CodeRange.Unsigned(8), 1, 100, 8, Rounding.HalfEven));
        var lowered = Lower(draft, new TermRevealingOptions { Terms = 1 });
        var codes = new short[4];
        lowered.Groups.Single().Terms.Single().Activation.Encode([100, 111, 89, 255], 4, codes);
        codes.ShouldBe(new short[] { 0, 8, -8, 128 });
        lowered.Groups.Single().Offsets.ShouldBe([0L]);
    }

    [Fact]
    public void CodesTooWideForItsTablesAreRefusedByName()
    {
        var draft = new LayerDraft(Layers.FullyConnected(1, 1));
        draft.Fill(new WeightCodes("fxp", [new WeightPlane([-32768], [1f], 16)], 16));
        draft.Fill(new UniformActivations("fxp", CodeRange.Signed(8), 1, 0, 8, Rounding.HalfEven));
        new TermRevealingDatapath(new TermRevealingOptions()).Refuses(draft)
            .ShouldBe("tr takes weight codes up to ±16383, and fxp fills the slot with -32768..-32768");
        var wide = new LayerDraft(Layers.FullyConnected(1, 1));
        wide.Fill(new UniformActivations("fxp", CodeRange.Signed(16), 1, 0, 16, Rounding.HalfEven));
        new TermRevealingDatapath(new TermRevealingOptions()).Refuses(wide)!.ShouldContain("activation codes");
    }

    [Fact]
    public void FloatDataKeepTheirFloatsAndTheirCost()
    {
        var draft = new LayerDraft(Layers.FullyConnected(1, 2, [1, 0.4f]));
        var lowered = Lower(draft, new TermRevealingOptions { Group = 2, Budget = 2, FloatData = true });
        lowered.IsWeightsOnly.ShouldBeTrue();
        lowered.FloatWeights.ShouldBe([1, 0.5f]);
        lowered.Cost.NeedsRows.ShouldBeFalse();
        lowered.Cost.Start().Count(0).ActivationBits.ShouldBe(32);
    }

    [Fact]
    public void DepthwiseWeightsKeepTheirTermsAndTheReportSaysSo()
    {
        var draft = new LayerDraft(Layers.Convolution(outputs: 2, channels: 2, kernel: 1, positions: 1, groups: 2, weights: [1, 0.8f]));
        var lowered = Lower(draft, new TermRevealingOptions { Budget = 1, Terms = 1 });
        lowered.Groups.Single().Terms.Single().Weights.ShouldBe(new short[] { 32767, 26214 });
        lowered.Note!.ShouldContain("grouped");
        var code = new short[1];
        lowered.Groups.Single().Terms.Single().Activation.Encode([255], 1, code);
        code.ShouldBe(new short[] { 256 });
    }

    [Fact]
    public void SeveralPlanesShareTheFloatBias()
    {
        var layer = Layers.FullyConnected(1, 1);
        var draft = new LayerDraft(layer);
        draft.Fill(new WeightCodes("mlt", [new WeightPlane([1], [0.5f], 2), new WeightPlane([-1], [0.25f], 2)], 4));
        var lowered = Lower(draft, new TermRevealingOptions());
        lowered.Groups.Count.ShouldBe(2);
        lowered.IntegerBias.ShouldBeNull();
        lowered.FloatWeights.ShouldBe([0.25f]);
    }

    private static LoweredLayer Lower(LayerDraft draft, TermRevealingOptions options)
    {
        new TermRevealingMethod(options).Fill(draft);
        var datapath = draft.Datapath.ShouldNotBeNull();
        datapath.FillEmptySlots(draft);
        datapath.Refuses(draft).ShouldBeNull();
        return datapath.Lower(draft);
    }
}
