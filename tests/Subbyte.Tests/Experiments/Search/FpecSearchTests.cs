using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Experiments.Reproduction;
using Subbyte.Experiments.Search;
using Subbyte.Methods;
using Subbyte.Tests.Cli;

namespace Subbyte.Tests.Experiments.Search;

/// <summary>The compensated network's search walks as its specification says.</summary>
public sealed class FpecSearchTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(100)]
    public void Words_shrink_bit_by_bit_until_the_loss_is_too_large(double maxLoss)
    {
        var outcome = Run(maxLoss);
        outcome.IsComplete.ShouldBeTrue();
        outcome.Chosen.ShouldNotBeNull();
        outcome.Chosen.Trial.Loss.ShouldBeLessThanOrEqualTo(maxLoss);
        outcome.Chosen.Cost.ShouldBe(outcome.Points.Where(point => point.Trial.Loss <= maxLoss).Min(point => point.Cost));
        var plain = outcome.Points.Where(point => point.Origin == SearchOrigins.Uniform).ToArray();
        plain.Select(point => point.Recipe).ShouldBe(Enumerable.Range(0, plain.Length).Select(i => $"fpec:bits={16 - i},mode=n,emb=0"));
        plain.SkipLast(1).ShouldAllBe(point => point.Trial.Loss <= maxLoss);
        if (plain.Length < 15) plain[^1].Trial.Loss.ShouldBeGreaterThan(maxLoss);
        foreach (var point in outcome.Points.Where(point => point.Trial.Loss > maxLoss && point.Origin == SearchOrigins.Path)) outcome.Points.ShouldNotContain(later => later.Recipe == Narrower(point.Recipe), "nothing is tried below what fails");
    }

    [Fact]
    public void Thresholds_grow_by_an_eighth_while_the_loss_is_allowed()
    {
        var outcome = Run(100);
        var thresholds = outcome.Points.Select(point => Recipe.Parse(point.Recipe).Steps[0].Canonical).Where(step => step.Contains("bits=2,", StringComparison.Ordinal) && step.Contains("emb=0", StringComparison.Ordinal))
            .Select(step => step.Split(',').First(option => option.StartsWith("threshold=", StringComparison.Ordinal))["threshold=".Length..]).Where(threshold => threshold != "-1");
        thresholds.ShouldBe(["0.5", "0.625", "0.75", "0.875", "1"]);
    }

    [Fact]
    public void Options_that_it_does_not_choose_are_kept()
    {
        Run(100, "fpec:bits=7,percentile=99,image=0").Points.ShouldAllBe(point => Recipe.Parse(point.Recipe).Canonical.Contains("percentile=99,image=0", StringComparison.Ordinal));
        Should.Throw<UserErrorException>(() => Run(1, "int8")).Message.ShouldContain("one fpec step");
    }

    private SearchOutcome Run(double maxLoss, string methods = "")
    {
        var task = EvaluationTask.Load(_folder.Model, null, DataSpec.Open(_folder.Data, null, _folder.Model), DataSpec.Open(_folder.Calibration, null, _folder.Model), 16);
        var options = new SearchOptions { Candidates = Recipe.ParseMany(methods), MaxLoss = maxLoss, Objective = FpecSearch.Objective, Threads = 1 };
        return new FpecSearch(SearchTask.Of(task, null, null), options, new ResultStore(_folder["store"])).Run(_ => null, CancellationToken.None);
    }

    private static string Narrower(string recipe)
    {
        var bits = int.Parse(recipe.Split("bits=")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
        return recipe.Replace($"bits={bits},", $"bits={bits - 1},", StringComparison.Ordinal);
    }
}
