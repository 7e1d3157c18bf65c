using Subbyte.Experiments.Search;
using Subbyte.Methods.Fpec;

namespace Subbyte.Tests.Experiments.Search;

/// <summary>Configurations of the compensated network's search as recipes.</summary>
public sealed class FpecConfigurationTests
{
    private static readonly string[] Layers = ["first", "second", "third", "last"];

    [Fact]
    public void A_configuration_of_all_layers_is_one_step()
    {
        Recipe(new(5, CompensationMode.D, 1)).ShouldBe("fpec:bits=5,mode=d,emb=1");
        Recipe(new(5, CompensationMode.Dz, 0, 0.625)).ShouldBe("fpec:bits=5,mode=dz,emb=0,threshold=0.625");
        Recipe(new(5, CompensationMode.D, 1, 0.5)).ShouldBe("fpec:bits=5,mode=d,emb=1", "only mode dz has a threshold");
        new FpecConfiguration(4, CompensationMode.Dz, 1).Recipe("percentile=99.99,float-bias=true", Layers, Subbyte.Methods.Recipe.Parse("output-correction")).Text
            .ShouldBe("fpec:bits=4,mode=dz,emb=1,percentile=99.99,float-bias=true + output-correction");
    }

    [Theory]
    [InlineData(16, 0, "n")]
    [InlineData(14, 1, "n")]
    [InlineData(13, 0, "d")]
    [InlineData(13, 1, "d")]
    [InlineData(13, 2, "n")]
    [InlineData(12, 2, "d")]
    public void Words_too_wide_to_be_compensated_are_plain(int bits, int shift, string mode) => Recipe(new(bits, CompensationMode.D, shift)).ShouldBe($"fpec:bits={bits},mode={mode},emb={shift}");

    [Fact]
    public void Bits_are_taken_from_operands_of_single_layers()
    {
        var less = new FpecConfiguration(5, CompensationMode.Dz, 1).Take("second", 1, 0).Take("second", 0, 1).Take("last", 0, 1);
        var recipe = less.Recipe("", Layers, Subbyte.Methods.Recipe.Float);
        recipe.Text.ShouldBe("fpec:bits=5,mode=dz,emb=1,layers=first|third + fpec:bits=5,mode=dz,emb=1,weights=4,activations=4,layers=second + fpec:bits=5,mode=dz,emb=1,activations=4,layers=last");
        less.Summary.ShouldBe("5 bits, dz, emb 1, a bit less in 1 weights and 2 activations");
    }

    private static string Recipe(FpecConfiguration configuration) => configuration.Recipe("", Layers, Subbyte.Methods.Recipe.Float).Text;
}
