using Subbyte.Experiments.Reproduction;
using Subbyte.Experiments.Sweeps;
using Subbyte.Tests.Data;

namespace Subbyte.Tests.Experiments;

/// <summary>Recipes on several networks: the list, what does not fit or is absent, the page.</summary>
public sealed class SweepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_sweep_that_is_carried_names_workloads_and_recipes_that_exist()
    {
        Sweep.Names.ShouldContain("results");
        foreach (var name in Sweep.Names)
        {
            foreach (var section in Sweep.Find(name).Sections) Subbyte.Data.Workloads.Workload.BuiltIn.ShouldContain(section.Workload);
        }
    }

    [Theory]
    [InlineData("title: x", "no sections")]
    [InlineData("title: x\nsections: [ { title: a } ]", "no workload")]
    [InlineData("title: x\nsections: [ { workload: a } ]", "no recipes")]
    [InlineData("recipes: [ int8 ]\nsections: [ { workload: a, limit: 0 } ]", "at least 1")]
    [InlineData("recipes: [ int9 ]\nsections: [ { workload: a } ]", "int9")]
    [InlineData("recipes: [ int8 ]\nsections:\n  - { workload: a, limt: 5 }", "sweep.yaml:3")]
    public void A_malformed_sweep_says_where(string text, string where)
        => Should.Throw<UserErrorException>(() => Sweep.Parse(text, "sweep.yaml")).Message.ShouldContain(where);

    [Fact]
    public void Absent_data_skip_their_section_and_the_page_says_so()
    {
        var sweep = Sweep.Parse("title: Everything\nrecipes: [ int8 ]\nsections: [ { title: First, workload: nowhere } ]", "sweep.yaml");
        var document = new SweepRun(sweep, new ResultStore(_folder.Path), 1, 1).Execute("sweep", _ => null, CancellationToken.None);
        document.Sections.ShouldHaveSingleItem().Skipped!.ShouldContain("nowhere");
        SweepPage.Write(sweep, document, "subbyte sweep").ShouldBe($"# Everything\n\nMade by one command; do not edit it by hand:\n\n```sh\nsubbyte sweep\n```\n\n## First\n\nNot run: {document.Sections[0].Skipped}\n");
    }

    [SkippableFact]
    public void A_second_run_takes_the_first_ones_results_and_writes_the_same_page()
    {
        var (model, test, train) = (SharedData.Require("models/cifar10-resnet8-tiny.onnx"), SharedData.Require("cifar10/test_batch_first1017.bin.gz"), SharedData.Require("cifar10/train_lossless_8068.bin.gz"));
        var workload = _folder.Write("tiny.yaml", $"model: {model}\ndata: cifar10:{test}\ncalibrate: cifar10:{train}\nmetric: top1\n");
        var sweep = Sweep.Parse($"title: x\nrecipes: [ int8, int8 + bn-recal ]\nnotes: The end.\nsections: [ {{ workload: {workload}, title: Tiny, text: Small., limit: 24, calibration-samples: 16, also: [ 'sparq' ] }} ]", "sweep.yaml");
        var (first, second) = (Page(sweep), Page(sweep));
        second.ShouldBe(first);
        first.ShouldContain("| `fp32` | ");
        first.ShouldContain("| `int8` | ");
        first.ShouldContain("| `sparq` | ");
        first.ShouldContain("- `int8 + bn-recal` is left out: ");
        first.ShouldContain("24 samples");
        first.ShouldEndWith("The end.\n");
        Directory.GetFiles(_folder.Path, "*.json").Length.ShouldBe(3);
    }

    private string Page(Sweep sweep) => SweepPage.Write(sweep, new SweepRun(sweep, new ResultStore(_folder.Path), 1, 1).Execute("x", _ => null, CancellationToken.None), "subbyte sweep x");
}
