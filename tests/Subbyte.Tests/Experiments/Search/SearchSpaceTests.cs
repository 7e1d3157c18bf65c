using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Experiments.Search;
using Subbyte.Methods;
using Subbyte.Tests.Cli;

namespace Subbyte.Tests.Experiments.Search;

/// <summary>What a search puts together from layers is what its recipe makes.</summary>
public sealed class SearchSpaceTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("output-correction")]
    [InlineData("prune:sparsity=0.5")]
    [InlineData("prune:sparsity=0.5 + output-correction")]
    [InlineData("equalize")]
    public void A_choice_and_its_recipe_make_the_same_network(string with)
    {
        var task = Task();
        var space = Space(task, with, "int8; int4; sparq; bit-split:w=4 + sparq");
        var bench = new Workbench(task, new EvaluationOptions { Threads = 1 });
        foreach (var choice in new int[][] { [0, 1, 2], [3, 3, 0], [-1, 1, -1], [1, 1, 1], [2, -1, 3] })
        {
            var assembled = bench.Execute(space.Network(choice, hasPasses: true, CancellationToken.None), null, CancellationToken.None);
            var applied = bench.Execute(bench.Apply(space.Recipe(choice)), null, CancellationToken.None);
            assembled.Outputs.ShouldBe(applied.Outputs, space.Recipe(choice).Text);
        }
    }

    [Theory]
    [InlineData("int4")]
    [InlineData("sparq")]
    [InlineData("fxp:bits=8")]
    public void A_candidate_everywhere_is_its_recipe_with_its_own_rule_for_the_ends(string candidate)
    {
        var task = Task();
        var space = Space(task, "", candidate);
        var bench = new Workbench(task, new EvaluationOptions { Threads = 1 });
        bench.Execute(space.NetworkEverywhere(0, CancellationToken.None), null, CancellationToken.None).Outputs
            .ShouldBe(bench.Execute(bench.Apply(Recipe.Parse(candidate)), null, CancellationToken.None).Outputs);
    }

    [Fact]
    public void A_method_that_fits_layers_to_lowered_ones_before_them_is_a_misfit_that_says_so()
    {
        var (network, misfits) = Space(Task(), "", "adaround:sequential").Fit(0, CancellationToken.None);
        network.Layers.ShouldBeEmpty();
        misfits.Count.ShouldBe(3);
        misfits.Values.ShouldAllBe(reason => reason.Contains("one by one", StringComparison.Ordinal));
    }

    [Fact]
    public void A_recipe_names_the_smaller_part_of_the_layers()
    {
        var space = Space(Task(), "", "int8; int4");
        var names = space.Layers.Select(layer => layer.Name).ToArray();
        space.Recipe([0, 0, 0]).Text.ShouldBe("int8:layers=*");
        space.Recipe([0, 1, 1]).Text.ShouldBe($"int8:layers={names[0]} + int4:layers=*,except={names[0]}");
        space.Recipe([-1, -1, 0]).Text.ShouldBe($"int8:layers={names[2]}");
        space.Recipe([-1, -1, -1]).ShouldBe(Recipe.Float);
        space.Summary([0, 1, 1]).ShouldBe("2× int4, 1× int8");
    }

    [Theory]
    [InlineData("int8; output-correction", "", "whole network")]
    [InlineData("int8:layers=a*", "", "layers=")]
    [InlineData("int8", "sparq", "--methods")]
    [InlineData("", "", "candidates")]
    public void What_cannot_be_chosen_layer_by_layer_is_refused(string candidates, string with, string reason)
        => Should.Throw<UserErrorException>(() => Space(Task(), with, candidates)).Message.ShouldContain(reason);

    private static SearchSpace Space(EvaluationTask task, string with, string candidates)
        => new(task, new SearchOptions { Candidates = Recipe.ParseMany(candidates), With = with.Length == 0 ? Recipe.Float : Recipe.Parse(with), Threads = 1 });

    private EvaluationTask Task() => EvaluationTask.Load(_folder.Model, null, DataSpec.Open(_folder.Data, null, _folder.Model), DataSpec.Open(_folder.Calibration, null, _folder.Model), 16);
}
