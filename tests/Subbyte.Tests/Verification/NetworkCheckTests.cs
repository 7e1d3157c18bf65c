using Subbyte.Experiments.Verification;
using Subbyte.Networks;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Verification;

/// <summary>Everything that cannot be done is named at once, before any work.</summary>
public sealed class NetworkCheckTests
{
    [Fact]
    public void Every_problem_is_named_and_what_follows_from_one_is_not()
    {
        var graph = new GraphBuilder(4);
        var strange = graph.Add("Strange", [GraphBuilder.Input]);
        var after = graph.Add("Relu", [strange]);
        var misfit = graph.Add("Gemm", [GraphBuilder.Input, graph.Constant([1f, 2, 3], 3, 1)]);
        var fine = graph.Add("Relu", [GraphBuilder.Input]);
        var check = Check(graph.Build(after, misfit, fine));
        check.Holds.ShouldBeFalse();
        check.Nodes.Select(node => (node.OpType, node.Opset)).ShouldBe([("Strange", 13), ("Gemm", 13)]);
        check.Nodes[0].Reason.ShouldContain("is not supported");
        check.Nodes[1].Reason.ShouldContain("not fit");
    }

    [Fact]
    public void Recipes_are_tried_each_on_its_own()
    {
        var graph = new GraphBuilder(2, 6, 6);
        var convolution = graph.Add("Conv", [GraphBuilder.Input, graph.Constant(new Random(1).Gaussians(4 * 18), 4, 2, 3, 3)]);
        var fully = graph.Add("Gemm", [graph.Add("Flatten", [convolution]), graph.Constant(new Random(2).Gaussians(64 * 3), 64, 3)]);
        var check = Check(graph.Build(fully), "int8", "tr:budget=zero", "fxp:bits=16", "tr");
        check.Nodes.ShouldBeEmpty();
        check.Recipes.Select(recipe => recipe.Problem is null).ShouldBe([true, false, true, true]);
        check.Recipes[1].Problem!.ShouldContain("budget");
        check.Recipes[2].NotExportable!.ShouldContain("32 bits");
        check.Recipes[3].Notes.Count.ShouldBe(2);
        check.Holds.ShouldBeFalse();
    }

    private static NetworkCheck Check(Network network, params string[] recipes) => NetworkCheck.Of("m.onnx", network, recipes, seed: 1, CancellationToken.None);
}
