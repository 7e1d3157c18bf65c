using Subbyte.Data.Workloads;
using Subbyte.Experiments.Reproduction;
using Subbyte.Experiments.Reproduction.Statistics;
using Subbyte.Experiments.TrainingRuns;
using Subbyte.Methods;
using Subbyte.Tests.Data;

namespace Subbyte.Tests.Experiments.Reproduction;

/// <summary>Lists of experiments, verdicts, and the store that lets a run resume.</summary>
public sealed class ReproductionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_list_names_recipes_and_workloads_that_exist()
    {
        ExperimentList.Names.ShouldContain("term-revealing");
        foreach (var name in ExperimentList.Names)
        {
            var list = ExperimentList.Find(name);
            list.Title.ShouldNotBeEmpty();
            list.Experiments.Any(experiment => experiment.Quick).ShouldBeTrue(name);
            foreach (var experiment in list.Experiments)
            {
                foreach (var recipe in experiment.Recipes) Recipe.Parse(recipe);
                if (experiment.Train is { } training) TrainingRecipe.Find(training).Name.ShouldBe(training);
                else Workload.BuiltIn.ShouldContain(experiment.Workload!, $"{name}: {experiment.Name}");
                (experiment.Deviation is null).ShouldBe(experiment.Held is null, $"{name}: {experiment.Name}: a deviation has a reason and a figure");
            }
        }
    }

    [Theory]
    [InlineData(935, Verdict.Holds)]
    [InlineData(930, Verdict.Holds)]
    [InlineData(929, Verdict.Fails)]
    [InlineData(941, Verdict.Fails)]
    public void A_figure_holds_within_its_tolerance(double here, Verdict verdict) => new Experiment { Expected = 935, Tolerance = 5 }.Judge(here).ShouldBe(verdict);

    [Fact]
    public void A_known_deviation_is_held_to_what_came_out()
    {
        var experiment = new Experiment { Expected = 935, Tolerance = 5, Deviation = "another training set", Held = 900 };
        new[] { 934, 903, 917, double.NaN }.Select(experiment.Judge).ShouldBe([Verdict.Holds, Verdict.Deviates, Verdict.Fails, Verdict.Fails]);
    }

    [Fact]
    public void A_margin_may_be_a_share_of_what_is_expected()
        => new[] { 0.0098, 0.0102, 0.0103 }.Select(new Experiment { Expected = 0.01, TolerancePercent = 2.001 }.Judge).ShouldBe([Verdict.Holds, Verdict.Holds, Verdict.Fails]);

    [Fact]
    public void What_an_experiment_does_not_say_comes_from_its_group_and_then_from_the_list()
    {
        var list = ExperimentList.Parse(
            """
            workload: outer
            tolerance: 5
            with: ends:keep=float
            groups:
              - title: first
                measure: top1
                limit: 10
                experiments: [ { name: a, recipe: int8, against: fp32, expected: 1 }, { name: b, recipe: int4, with: "", tolerance-percent: 3, workload: own, expected: 1 } ]
            experiments: [ { name: c, recipe: int8, expected: 1 } ]
            """,
            "list.yaml").Experiments.ToDictionary(experiment => experiment.Name);
        var (a, b, c) = (list["a"], list["b"], list["c"]);
        (a.Workload, a.Measure, a.Limit, a.Margin, a.Recipe, a.Against, a.Group).ShouldBe(("outer", Measure.Top1, 10, 5, "int8 + ends:keep=float", "fp32", "first"));
        (b.Workload, b.Margin, b.Recipe).ShouldBe(("own", 0.03, "int4"));
        (c.Measure, c.Group, c.Margin).ShouldBe((null, "", 5));
    }

    [Fact]
    public void What_is_missing_skips_and_drawn_statistics_need_no_data()
    {
        var list = ExperimentList.Parse(
            """
            experiments:
              - { name: absent, missing: "a network; train one", expected: 1 }
              - { name: drawn, measure: statistic, statistic: "fpec-dot-products bits=5 mode=d", expected: 0.05305, tolerance: 0.0001 }
              - { name: kept, measure: statistic, statistic: "term-revealing-kept group=8 budget=12", expected: 49146, tolerance: 0 }
            """,
            "list.yaml");
        var figures = new ReproductionRun(list, new ResultStore(_folder.Path), 1).Execute("x", quick: false, _ => null, CancellationToken.None).Experiments;
        figures.Select(figure => figure.Verdict).ShouldBe([Verdict.Skipped, Verdict.Holds, Verdict.Holds]);
        figures[0].Reason.ShouldBe("a network; train one");
        Should.Throw<UserErrorException>(() => DrawnStatistics.Value("fpec-dot-products mode=d")).Message.ShouldContain("bits");
        Should.Throw<UserErrorException>(() => DrawnStatistics.Value("nothing")).Message.ShouldContain("laconic-lanes");
    }

    [Theory]
    [InlineData("bit-split-output bits=3 form=output", 0.0296, 0.15)]
    [InlineData("bit-split-output bits=3 form=min-max", 0.0621, 0.4)]
    [InlineData("laconic-lanes weights=30 activations=30", 8.94, 0.02)]
    [InlineData("laconic-lanes weights=30 activations=30 of=all", 2.56, 0.02)]
    [InlineData("fpec-energy-ratio bits=6 mode=dz of=8", 1.30, 0.01)]
    [InlineData("uniform-sqnr bits=3", 13.292, 0.012)]
    [InlineData("binary-information threshold=0.45", 0.911159, 1e-6)]
    [InlineData("binary-information threshold=0.45 of=zeros", 0.673645, 1e-6)]
    [InlineData("binary-information threshold=1", 0.631083, 1e-6)]
    [InlineData("binary-information threshold=1 of=zeros", 0.841345, 1e-6)]
    public void Drawn_statistics_are_those_of_the_specifications(string statistic, double expected, double share)
        => DrawnStatistics.Value(statistic).ShouldBe(expected, share * expected);

    [Fact]
    public void The_entropy_of_two_states_follows_the_vectors()
    {
        foreach (var row in VectorTable.Read("Methods/SiBnn/entropy.vectors.txt"))
        {
            BinaryInformation.Bits(row.Number("p")).ShouldBe(row.Number("bits"), 1e-6);
            BinaryInformation.Bits(1 - row.Number("p")).ShouldBe(row.Number("bits"), 1e-6, "symmetric");
        }

        (BinaryInformation.Bits(0), BinaryInformation.Bits(1)).ShouldBe((0, 0));
    }

    [Fact]
    public void Bounds_alone_are_enough()
        => new[] { 1.9, 2, 5, 5.1, double.NaN }.Select(new Experiment { AtLeast = 2, AtMost = 5 }.Judge).ShouldBe([Verdict.Fails, Verdict.Holds, Verdict.Holds, Verdict.Fails, Verdict.Fails]);

    [Theory]
    [InlineData("experiments: [ { name: a, recipe: int8 } ]", "expected")]
    [InlineData("experiments: [ { name: a, recipe: int8, at-least: 1 }, { name: a, recipe: int4, at-least: 1 } ]", "twice")]
    [InlineData("title: x\nexperiments:\n  - { name: a, recipe: int8, at-lest: 1 }", "list.yaml:3")]
    [InlineData("title: [", "list.yaml:")]
    [InlineData("experiments: [ { name: a, at-least: 1 } ]", "neither a recipe nor a statistic")]
    [InlineData("experiments: [ { name: a, recipe: int8, measure: sum-error, at-least: 1 } ]", "exact")]
    [InlineData("experiments: [ { name: a, recipe: int8, measure: layer-operation, at-least: 1 } ]", "per which")]
    [InlineData("experiments: [ { name: a, recipe: int8, measure: ratio, at-least: 1 } ]", "per which")]
    [InlineData("experiments: [ { name: a, recipe: int8, sweep: [\"1\"], at-least: 1 } ]", "{value}")]
    [InlineData("experiments: [ { name: a, recipe: \"uniform:w={value}\", at-least: 1 } ]", "sweep")]
    [InlineData("experiments: [ { name: a, recipe: int8, relative-to: int4, at-least: 1 } ]", "trains none")]
    public void A_malformed_list_says_where(string text, string where)
        => Should.Throw<UserErrorException>(() => ExperimentList.Parse(text, "list.yaml")).Message.ShouldContain(where);

    [Fact]
    public void A_missing_workload_skips_its_experiment_and_says_why()
    {
        var list = ExperimentList.Parse("title: x\nexperiments: [ { name: a, workload: nowhere, recipe: int8, at-least: 1 } ]", "list.yaml");
        var figure = new ReproductionRun(list, new ResultStore(_folder.Path), 1).Execute("x", quick: false, _ => null, CancellationToken.None).Experiments.ShouldHaveSingleItem();
        (figure.Verdict, figure.Here).ShouldBe((Verdict.Skipped, null));
        figure.Reason!.ShouldContain("nowhere");
    }

    [SkippableFact]
    public void A_sweep_is_the_mean_over_its_values_and_kurtoses_need_no_run()
    {
        var (model, test, train) = (SharedData.Require("models/cifar10-resnet8-tiny.onnx"), SharedData.Require("cifar10/test_batch_first1017.bin.gz"), SharedData.Require("cifar10/train_lossless_8068.bin.gz"));
        var workload = _folder.Write("tiny.yaml", $"model: {model}\ndata: cifar10:{test}\ncalibrate: cifar10:{train}\nmetric: top1\n");
        var list = ExperimentList.Parse(
            $$"""
            workload: {{workload}}
            calibration-samples: 16
            limit: 32
            at-least: 0
            measure: weight-rounding
            experiments:
              - { name: "3", recipe: "uniform:w=3,a=float", at-least: 0 }
              - { name: "4", recipe: "uniform:w=4,a=float", at-least: 0 }
              - { name: both, sweep: ["3", "4"], recipe: "uniform:w={value},a=float", at-least: 0 }
              - { name: mean, measure: kurtosis, recipe: fp32, at-least: 1 }
              - { name: least, measure: kurtosis, across: least, recipe: fp32, at-least: 1 }
              - { name: distance, measure: kurtosis-distance, recipe: fp32, at-least: 0 }
            """.Replace("at-least: 0\nmeasure", "measure", StringComparison.Ordinal),
            "list.yaml");
        var figures = new ReproductionRun(list, new ResultStore(_folder.Path), 1).Execute("x", quick: false, _ => null, CancellationToken.None).Experiments.ToDictionary(figure => figure.Name, figure => figure.Here!.Value);
        figures["both"].ShouldBe((figures["3"] + figures["4"]) / 2, 1e-12);
        figures["least"].ShouldBeLessThan(figures["mean"]);
        figures["distance"].ShouldBeGreaterThanOrEqualTo(figures["mean"] - 1.8 - 1e-9);
    }

    [SkippableFact]
    public void What_is_stored_is_not_run_again_and_a_damaged_result_is()
    {
        var (model, test, train) = (SharedData.Require("models/cifar10-resnet8-tiny.onnx"), SharedData.Require("cifar10/test_batch_first1017.bin.gz"), SharedData.Require("cifar10/train_lossless_8068.bin.gz"));
        var workload = _folder.Write("tiny.yaml", $"model: {model}\ndata: cifar10:{test}\ncalibrate: cifar10:{train}\nmetric: top1\n");
        var list = ExperimentList.Parse($"title: x\nworkload: {workload}\ncalibration-samples: 16\nexperiments: [ {{ name: a, recipe: int8, limit: 32, measure: top1, at-least: 0 }} ]", "list.yaml");
        var first = Run();
        var file = Directory.GetFiles(_folder.Path, "*.json").ShouldHaveSingleItem();
        var text = File.ReadAllText(file);
        File.WriteAllText(file, text.Replace($"\"value\": {System.Text.Json.JsonSerializer.Serialize(first / 100)}", "\"value\": 0.125", StringComparison.Ordinal));
        Run().ShouldBe(12.5, "the stored result is taken");
        File.WriteAllText(file, text[..40]);
        Run().ShouldBe(first);
        File.ReadAllText(file).Length.ShouldBeGreaterThan(40);

        double Run() => new ReproductionRun(list, new ResultStore(_folder.Path), 1).Execute("x", quick: false, _ => null, CancellationToken.None).Experiments[0].Here!.Value;
    }
}
