using Subbyte.Methods;
using Subbyte.Methods.NbSmt;

namespace Subbyte.Tests.Methods.NbSmt;

/// <summary>Mixed numbers of threads: section 3.6.</summary>
public class NbSmtThreadsTests
{
    private static readonly ThreadCandidate[] Layers = [new("a", 10, 0.001), new("b", 20, 0.003), new("c", 5, 0.002)];

    [Fact]
    public void The_specification_s_mixture_is_3_4_times_as_fast()
        => NbSmtThreads.Speedup([(17.65, 2), (82.35, 4)]).ShouldBe(3.4, 0.0005);

    [Theory]
    [InlineData(4, "a4 b4 c4", 0)]
    [InlineData(4, "a4 b2 c4", 1)]
    [InlineData(4, "a4 b1 c2", 3)]
    [InlineData(2, "a2 b1 c1", 2)]
    [InlineData(4, "a1 b1 c1", 100)]
    public void The_noisiest_layers_give_up_threads_first(int threads, string expected, int refusals)
    {
        var choice = NbSmtThreads.Search(Layers, threads, _ => refusals-- == 0);
        string.Join(' ', choice.Select(layer => layer.Key + layer.Value)).ShouldBe(expected);
    }

    [Fact]
    public void A_choice_is_a_recipe()
    {
        var recipe = NbSmtThreads.Recipe(new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 4, ["b"] = 1, ["c"] = 4 });
        recipe.ShouldBe("nb-smt:threads=1,layers=b + nb-smt:threads=4,layers=a|c");
        Recipe.Parse(recipe).Steps.Select(step => step.Covers("c")).ShouldBe([false, true]);
    }
}
