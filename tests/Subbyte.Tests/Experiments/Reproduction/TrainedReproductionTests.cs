using Subbyte.Experiments.Reproduction;
using Subbyte.Tests.Data;

namespace Subbyte.Tests.Experiments.Reproduction;

/// <summary>Experiments that train a network before they measure it.</summary>
public sealed class TrainedReproductionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Seeds_have_a_mean_and_a_spread_and_a_loss_is_relative_to_the_network_before()
    {
        var data = SharedData.Require("mnist");
        var recipe = _folder.Write("small.yaml", $"network: mlp\nhidden: [8, 8]\ntrain: mnist:{data}#train\ntest: mnist:{data}#test\npreprocess: order=as-is,scale=0.00392156863\nepochs: 1\nbatch: 50\nrate: 0.05\n");
        var list = ExperimentList.Parse(
            $$"""
            train: {{recipe}}
            train-limit: 500
            measure: top1
            experiments:
              - { name: one, recipe: fp32, at-least: 0 }
              - { name: two, recipe: fp32, seeds: 2, at-least: 0 }
              - { name: rounded, recipe: "fp32 | uniform:w=2,a=float", at-least: 0 }
              - { name: loss, recipe: "fp32 | uniform:w=2,a=float", relative-to: fp32, at-most: 100 }
              - { name: both, recipe: "fp32 | uniform:w=2,a=float", against: "fp32 | uniform:w=8,a=float", relative-to: fp32, at-most: 100 }
              - { name: wide, recipe: "fp32 | uniform:w=8,a=float", at-least: 0 }
            """,
            "list.yaml");
        var figures = new ReproductionRun(list, new ResultStore(_folder.Path), 1).Execute("x", quick: false, _ => null, CancellationToken.None).Experiments.ToDictionary(figure => figure.Name);
        double Here(string name) => figures[name].Here!.Value;
        Directory.GetFiles(_folder.Path, "*.onnx").Length.ShouldBe(2, "a network a seed, trained once");
        figures["one"].Spread.ShouldBeNull();
        var second = (2 * Here("two")) - Here("one");
        figures["two"].Spread!.Value.ShouldBe(Math.Abs(Here("one") - second) / Math.Sqrt(2), 1e-9);
        figures["two"].Found.ShouldContain("(");
        Here("loss").ShouldBe(Here("rounded") - Here("one"), 1e-9);
        Here("both").ShouldBe(Here("rounded") - Here("wide"), 1e-9);
    }
}
