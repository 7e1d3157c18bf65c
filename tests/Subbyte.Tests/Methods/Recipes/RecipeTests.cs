using Subbyte.Methods;

namespace Subbyte.Tests.Methods.Recipes;

public sealed class RecipeTests
{
    [Fact]
    public void A_recipe_without_steps_is_fp32()
    {
        Recipe.Parse("fp32").ShouldBeSameAs(Recipe.Float);
        Recipe.Float.IsFloat.ShouldBeTrue();
        Recipe.Float.Canonical.ShouldBe("fp32");
        Recipe.Parse("prune:sparsity=0.5").IsFloat.ShouldBeTrue();
    }

    [Fact]
    public void Steps_are_separated_by_a_plus_between_blanks_and_keep_their_order()
    {
        var recipe = Recipe.Parse(" prune:sparsity=0.25  +  int4:layers=a|b*,except=bc\t+ output-correction ");
        recipe.Steps.Select(step => step.Method.Name).ShouldBe(["prune", "int4", "output-correction"]);
        recipe.Text.ShouldBe("prune:sparsity=0.25  +  int4:layers=a|b*,except=bc\t+ output-correction");
        recipe.IsFloat.ShouldBeFalse();
    }

    [Fact]
    public void The_canonical_text_names_every_option_and_means_the_same()
    {
        foreach (var method in MethodRegistry.Default.Methods)
        {
            var recipe = Recipe.Parse(method.Name);
            foreach (var option in method.Options) recipe.Canonical.ShouldContain($"{option.Name}={option.Default}");
            Recipe.Parse(recipe.Canonical).Canonical.ShouldBe(recipe.Canonical);
        }

        Recipe.Parse("sparq:window=5opt,stc,layers=x").Canonical.ShouldBe("sparq:window=4b5opt,round=true,pairs=true,stc=true,weight-scale=255,layers=x");
        Recipe.Parse("fxp : bits = 8").Canonical.ShouldBe(Recipe.Parse("fxp").Canonical);
    }

    [Fact]
    public void Showcases_are_recipes()
    {
        foreach (var recipe in MethodRegistry.Default.Methods.SelectMany(method => method.Showcase)) Recipe.Parse(recipe).Steps.ShouldNotBeEmpty();
    }

    [Fact]
    public void Several_recipes_are_separated_by_semicolons()
        => Recipe.ParseMany("int8; fp32 ;tr:budget=12;").Select(recipe => recipe.Text).ShouldBe(["int8", "fp32", "tr:budget=12"]);

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" ", "empty")]
    [InlineData("int9", "'int9'")]
    [InlineData("INT8", "'INT8'")]
    [InlineData("int8 + ", "'int8 +'")]
    [InlineData("int8 + fp32", "'fp32'")]
    [InlineData("int8+int4", "'int8+int4'")]
    [InlineData("int8:bits=4", "has no option 'bits'")]
    [InlineData("fxp:bits=1", "2..16")]
    [InlineData("fxp:bits=17", "2..16")]
    [InlineData("fxp:bits=8.5", "'8.5'")]
    [InlineData("fxp:bits=", "''")]
    [InlineData("fxp:bits", "needs a value")]
    [InlineData("fxp:bits=NaN", "'NaN'")]
    [InlineData("fxp:bits=1e99", "'1e99'")]
    [InlineData("sparq:window=6opt", "4b5opt")]
    [InlineData("sparq:round=maybe", "flag")]
    [InlineData("tr:encoding=1", "hese")]
    [InlineData("prune:layers=a", "has no option 'layers'")]
    [InlineData("prune:sparsity=2", "0..1")]
    [InlineData("prune:pattern=2:4,sparsity=0.9", "leave out one")]
    [InlineData("int8:layers", "layers")]
    [InlineData("int8:layers=", "layers")]
    [InlineData("int8:except", "except")]
    public void What_cannot_be_meant_is_refused(string text, string message)
        => Should.Throw<UserErrorException>(() => Recipe.Parse(text)).Message.ShouldContain(message);
}
