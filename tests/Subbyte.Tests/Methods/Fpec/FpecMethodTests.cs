using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.Fpec;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.Fpec;

public class FpecMethodTests
{
    [Theory]
    [InlineData("fpec", "fpec:bits=5,weights=0,activations=0,mode=dz,emb=1,threshold=-1,zero=free,unsigned=false,percentile=100,image=8,last=6,float-bias=false,adders=1,skip-zeros=false")]
    [InlineData("fpec:bits=6,mode=d,emb=2", "fpec:bits=6,weights=0,activations=0,mode=d,emb=2,threshold=-1,zero=free,unsigned=false,percentile=100,image=8,last=6,float-bias=false,adders=1,skip-zeros=false")]
    [InlineData("fpec:threshold=0.5,zero=raw,unsigned,image=0", "fpec:bits=5,weights=0,activations=0,mode=dz,emb=1,threshold=0.5,zero=raw,unsigned=true,percentile=100,image=0,last=6,float-bias=false,adders=1,skip-zeros=false")]
    public void Recipes_have_one_canonical_form(string recipe, string canonical) => Recipe.Parse(recipe).Canonical.ShouldBe(canonical);

    [Theory]
    [InlineData("fpec:bits=17", "'bits'")]
    [InlineData("fpec:mode=z", "'mode'")]
    [InlineData("fpec:bits=14,mode=d", "bits=14")]
    [InlineData("fpec:last=13,mode=dm", "last=13")]
    [InlineData("fpec:image=16,unsigned", "image=16")]
    public void A_wrong_option_is_named(string recipe, string named) => Should.Throw<UserErrorException>(() => Recipe.Parse(recipe)).Message.ShouldContain(named);

    [Fact]
    public void The_widest_words_are_taken() => Recipe.Parse("fpec:bits=16,mode=n,layers=a* + fpec:bits=13,mode=d,layers=b* + fpec:bits=12,mode=dm,layers=c*").Steps.Count.ShouldBe(3);

    [Theory]
    [InlineData(0, true, 8, 4)]
    [InlineData(1, false, 4, 4)]
    [InlineData(5, true, 6, 6)]
    public void The_image_and_the_last_layer_have_widths_of_their_own(int index, bool isEnd, int activationBits, int weightBits)
    {
        var options = new FpecOptions { Bits = 4 };
        var layer = Layer(index, isEnd);
        options.Activations(layer).ComputationBits.ShouldBe(activationBits);
        options.Activations(layer).IsCompensated.ShouldBe(index > 0);
        options.Weights(layer).ComputationBits.ShouldBe(weightBits);
        options.Weights(layer).IsCompensated.ShouldBeTrue();
        new FpecOptions { Bits = 4, ImageBits = 0, LastBits = 2 }.Activations(layer).ComputationBits.ShouldBe(4);
    }

    [Fact]
    public void An_operand_may_have_a_width_of_its_own()
    {
        var options = new FpecOptions { Bits = 7, WeightBits = 5, ActivationBits = 4 };
        var inner = Layer(1, isEnd: false);
        (options.Weights(inner).ComputationBits, options.Activations(inner).ComputationBits).ShouldBe((5, 4));
        (options.Weights(Layer(0, isEnd: true)).ComputationBits, options.Activations(Layer(0, isEnd: true)).ComputationBits).ShouldBe((5, 8), "the image keeps its bits");
        var last = Layer(5, isEnd: true);
        (options.Weights(last).ComputationBits, options.Activations(last).ComputationBits).ShouldBe((6, 6), "the last layer keeps its fewest");
        Should.Throw<UserErrorException>(() => Recipe.Parse("fpec:weights=14")).Message.ShouldContain("weights=14");
    }

    [Fact]
    public void Words_without_a_sign_bit_are_twice_as_fine()
    {
        var layer = Layer(1, isEnd: false);
        var (signed, unsigned) = (new FpecOptions().Activations(layer), new FpecOptions { Unsigned = true }.Activations(layer));
        unsigned.Words.Scale.ShouldBe(signed.Words.Scale / 2);
        (unsigned.ComputationBits, unsigned.Words.Highest).ShouldBe((5, 31));
        (signed.ComputationBits, signed.Words.Highest).ShouldBe((5, 15));
    }

    [Fact]
    public void Codes_of_other_methods_are_refused_by_name()
    {
        Refusal(draft => draft.Fill(new UniformActivations("uniform", new CodeRange(0, 255), 0.1f, 0, 8, Rounding.HalfEven))).ShouldContain("uniform fills the slot with codes alone");
        Refusal(draft => draft.Fill(new WeightCodes("bit-split", [new WeightPlane([1, 2, 3], [1f], 4)], 80))).ShouldContain("bit-split fills the slot with codes alone");
        Refusal(draft => draft.KeepFloatActivations("weights-only")).ShouldContain("float");
    }

    private static string Refusal(Action<LayerDraft> fill)
    {
        var draft = new LayerDraft(Layer(1, isEnd: false));
        fill(draft);
        draft.Fill(new FpecDatapath(new FpecOptions()));
        return Should.Throw<UserErrorException>(() => RecipeApplication.Complete(draft)).Message;
    }

    private static DotProductLayer Layer(int index, bool isEnd) => new()
    {
        Name = "layer",
        Index = index,
        IsEnd = isEnd,
        Kind = LayerKind.FullyConnected,
        Positions = 1,
        Outputs = 1,
        Depth = 3,
        Weights = new[] { 1f, -0.4f, 0.2f },
        Bias = new float[1],
        Input = new SampleStatistics(0, 0.9f),
    };
}
