using System.Text.Json.Nodes;
using Subbyte.Methods;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Cli;

/// <summary>What <c>search</c> finds and writes.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class SearchTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_chosen_recipe_is_the_cheapest_that_was_tried_and_stays_within_the_limit()
    {
        var document = await Search("--max-loss", "4", "--out", _folder["found"]);
        document["schema"]!.GetValue<string>().ShouldBe("subbyte.search/1");
        var search = document["search"]!;
        var trials = search["trials"]!.AsArray();
        var chosen = trials.Where(trial => trial!["trial"]!["loss"]!.GetValue<double>() <= 4).MinBy(trial => trial!["cost"]!.GetValue<double>())!;
        search["chosen"]!.GetValue<string>().ShouldBe(chosen["recipe"]!.GetValue<string>());
        search["isComplete"]!.GetValue<bool>().ShouldBeTrue();
        search["layers"]!.AsArray().Count.ShouldBe(3);

        var front = search["front"]!.AsArray();
        front.Count(point => point!["isChosen"]!.GetValue<bool>()).ShouldBe(1);
        var costs = front.Select(point => point!["cost"]!.GetValue<double>()).ToArray();
        var losses = front.Select(point => point!["decidedLoss"]!.GetValue<double>()).ToArray();
        costs.ShouldBe(costs.Order());
        losses.ShouldBe(losses.OrderDescending());
        var results = document["results"]!.AsArray();
        results[0]!["canonicalRecipe"]!.GetValue<string>().ShouldBe("fp32");
        foreach (var point in front) results.ShouldContain(result => result!["recipe"]!.GetValue<string>() == point!["recipe"]!.GetValue<string>());
        _folder.Files.Where(file => file.StartsWith("found", StringComparison.Ordinal)).ShouldBe(["found/recipe.txt", "found/report.html", "found/search.json"]);
        Recipe.Parse((await File.ReadAllTextAsync(_folder["found/recipe.txt"])).Trim()).Text.ShouldBe(search["chosen"]!.GetValue<string>());
    }

    [Fact]
    public async Task It_is_the_same_with_any_threads_and_instruction_set_and_after_part_of_the_store_is_lost()
    {
        var expected = WithoutTiming(await Search("--threads", "1"));
        WithoutTiming(await Search("--threads", "2", "--isa", "scalar", "--store", _folder["other"])).ShouldBe(expected);
        var files = Directory.GetFiles(_folder["store"]).Order(StringComparer.Ordinal).ToArray();
        foreach (var file in files.Where((_, i) => i % 3 == 0)) File.Delete(file);
        await File.WriteAllTextAsync(files[1], "{ damaged");
        WithoutTiming(await Search("--threads", "2")).ShouldBe(expected);
    }

    [Fact]
    public async Task Reported_figures_are_those_of_eval_with_the_same_calibration()
    {
        var document = await Search("--decide-samples", "12");
        var chosen = document["search"]!["chosen"]!.GetValue<string>();
        var reported = document["results"]!.AsArray().First(result => result!["recipe"]!.GetValue<string>() == chosen)!;
        (await CommandRun.Of("eval", _folder.Model, "--data", _folder.Data, "--calibrate", _folder.Calibration + "#0-35", "--calibration-samples", "16", "--method", chosen, "--quiet", "--json", _folder["eval.json"])).ShouldBeDone();
        var evaluated = JsonNode.Parse(await File.ReadAllTextAsync(_folder["eval.json"]))!["results"]![0]!;
        foreach (var figure in new[] { "value", "meanSquaredError", "agreement" }) reported[figure]!.GetValue<double>().ShouldBe(evaluated[figure]!.GetValue<double>(), figure);
        reported["cost"]!.ToJsonString().ShouldBe(evaluated["cost"]!.ToJsonString());
    }

    [Fact]
    public async Task A_cost_that_only_some_candidates_count_is_searched_among_them()
    {
        var document = await Search("--objective", "term-pairs", "--methods", "int8; tr:budget=12; tr:budget=16", "--max-loss", "100");
        var candidates = document["search"]!["candidates"]!.AsArray();
        candidates[0]!["isKept"]!.GetValue<bool>().ShouldBeFalse();
        candidates[0]!["reason"]!.GetValue<string>().ShouldContain("term-pairs");
        document["search"]!["chosen"]!.GetValue<string>().ShouldContain("tr:budget=12");
    }

    [Theory]
    [InlineData("--max-loss", "-1", "--max-loss")]
    [InlineData("--objective", "beauty", "beauty")]
    [InlineData("--methods", "output-correction", "whole network")]
    [InlineData("--methods", "int8:layers=*", "layers=")]
    [InlineData("--with", "int8", "--methods")]
    [InlineData("--trials", "0", "--trials")]
    [InlineData("--decide-samples", "0", "--decide-samples")]
    public async Task What_cannot_be_searched_is_refused(string option, string value, string reason)
        => (await CommandRun.Of([.. Command, option, value, "--quiet"])).ShouldBeRefused(reason);

    [Fact]
    public async Task A_dry_run_lists_the_candidates() => (await CommandRun.Of([.. Command, "--dry-run"])).ShouldBeDone().Output.ShouldContain("fpec:bits=5");

    private string[] Command => ["search", _folder.Model, "--data", _folder.Data, "--calibrate", _folder.Calibration, "--calibration-samples", "16", "--store", _folder["store"]];

    private async Task<JsonNode> Search(params string[] options)
    {
        var methods = options.Contains("--methods") ? [] : new[] { "--methods", "int8; int4; uniform:w=3,a=8; sparq:window=2opt" };
        string[] command = [.. Command, .. methods, "--quiet", "--json", _folder["search.json"], .. options];
        // The last of an option's values counts.
        var store = Array.LastIndexOf(command, "--store");
        var first = Array.IndexOf(command, "--store");
        if (first != store) command = [.. command[..first], .. command[(first + 2)..]];
        (await CommandRun.Of(command)).ShouldBeDone();
        return JsonNode.Parse(await File.ReadAllTextAsync(_folder["search.json"]))!;
    }

    private static string WithoutTiming(JsonNode document)
    {
        document.AsObject().Remove("machine");
        foreach (var result in document["results"]!.AsArray())
        {
            result!.AsObject().Remove("seconds");
            result!.AsObject().Remove("samplesPerSecond");
        }

        return document.ToJsonString();
    }
}
