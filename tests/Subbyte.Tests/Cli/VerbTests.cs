using System.Text.Json;
using System.Text.Json.Nodes;
using Subbyte.Kernels;
using Subbyte.Onnx;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Cli;

/// <summary>What the verbs write, field by field.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class VerbTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Eval_writes_the_schema_that_is_promised()
    {
        var document = await Eval("--method", "int8", "--calibrate", _folder.Calibration, "--calibration-samples", "16", "--limit", "40", "--seed", "7");
        Names(document).ShouldBe(["schema", "version", "model", "data", "calibration", "seed", "machine", "results"], ignoreOrder: true);
        document["schema"]!.GetValue<string>().ShouldBe("subbyte.eval/1");
        document["seed"]!.GetValue<int>().ShouldBe(7);
        Names(document["model"]!).ShouldHold(["file", "sha256", "macs", "parameters"]);
        document["model"]!["file"]!.GetValue<string>().ShouldBe("model.onnx");
        document["model"]!["sha256"]!.GetValue<string>().Length.ShouldBe(64);
        Names(document["data"]!).ShouldHold(["spec", "split", "samples", "sha256"]);
        document["data"]!["samples"]!.GetValue<int>().ShouldBe(40);
        var result = document["results"]!.AsArray().ShouldHaveSingleItem()!;
        Names(result).ShouldHold(["recipe", "canonicalRecipe", "metric", "value", "confidence95", "baseline", "flips", "samples", "agreement", "meanSquaredError", "cost", "layers", "seconds", "samplesPerSecond"]);
        (result["recipe"]!.GetValue<string>(), result["metric"]!.GetValue<string>(), result["samples"]!.GetValue<int>()).ShouldBe(("int8", "top1", 40));
        result["canonicalRecipe"]!.GetValue<string>().ShouldStartWith("int8:clip=default,");
        result["value"]!.GetValue<double>().ShouldBeInRange(0, 1);
        result["confidence95"]!.AsArray().Count.ShouldBe(2);
        Names(result["flips"]!).ShouldBe(["lost", "gained"]);
        Names(result["cost"]!).ShouldHold(["macs", "operations", "cycles", "energyPicojoules", "weightBits", "activationBits", "weightBytes"]);
        var layers = result["layers"]!.AsArray();
        layers.Count.ShouldBe(3);
        Names(layers[0]!).ShouldHold(["name", "kind", "n", "m", "k", "macs", "signalToNoiseDecibels", "saturated"]);
        layers.Sum(layer => layer!["macs"]!.GetValue<long>()).ShouldBe(document["model"]!["macs"]!.GetValue<long>());
    }

    [Fact]
    public async Task Json_on_standard_output_is_alone_there()
    {
        foreach (var args in new string[][] { ["eval", _folder.Model, "--data", _folder.Data], ["inspect", _folder.Model], ["methods"], ["quantize", _folder.Model, "--method", "int8", "--data", _folder.Data, "--calibrate", _folder.Calibration, "--out", _folder["out.onnx"]], ["compare", _folder.Model, "--data", _folder.Data, "--calibrate", _folder.Calibration, "--methods", "int8", "--out", _folder["report"]] })
        {
            var run = (await CommandRun.Of([.. args, "--json", "-"])).ShouldBeDone();
            using var document = JsonDocument.Parse(run.Output);
            document.RootElement.GetProperty("schema").GetString().ShouldBe($"subbyte.{args[0]}/1");
        }
    }

    [Fact]
    public async Task Results_are_the_same_for_any_number_of_threads_and_every_instruction_set()
    {
        string[] recipes = ["fp32", "int8", "tr:layers=*", "sparq:layers=* + output-correction", "log:bits=4,layers=*"];
        foreach (var recipe in recipes)
        {
            var expected = await Results(recipe, "--threads", "1");
            (await Results(recipe, "--threads", "2")).ShouldBe(expected, recipe);
            foreach (var set in Enum.GetNames<InstructionSet>())
                (await Results(recipe, "--threads", "1", "--isa", set.ToLowerInvariant())).ShouldBe(expected, $"{recipe} with {set}");
        }
    }

    [Fact]
    public async Task Eval_prints_a_table_and_keeps_quiet_when_asked()
    {
        var run = (await CommandRun.Of("eval", _folder.Model, "--data", _folder.Data, "--method", "int8", "--calibrate", _folder.Calibration, "--quiet")).ShouldBeDone();
        run.Output.ShouldContain("int8");
        run.Output.ShouldNotContain("\u001b");
        run.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Samples_that_are_calibrated_and_evaluated_are_told()
    {
        var run = (await CommandRun.Of("eval", _folder.Model, "--data", _folder.Data, "--method", "int8", "--calibrate", _folder.Data)).ShouldBeDone();
        run.Error.ShouldContain($"{CommandFolder.Pictures} calibration samples are evaluated too");
    }

    [Fact]
    public async Task Quantize_writes_a_model_that_carries_its_preprocessing()
    {
        (await CommandRun.Of("quantize", _folder.Model, "--method", "int8", "--data", _folder.Data, "--calibrate", _folder.Calibration, "--out", _folder["deep/out.onnx"])).ShouldBeDone().Output.ShouldContain("QDQ");
        var network = OnnxNetwork.Load(_folder["deep/out.onnx"]);
        network.Metadata["subbyte.preprocess"].ShouldContain("order=RGB");
        network.Nodes.ShouldContain(node => node.OpType == "QuantizeLinear");
        _folder.Files.ShouldNotContain(file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Compare_keeps_the_order_of_the_recipes_after_fp32()
    {
        var run = (await CommandRun.Of("compare", _folder.Model, "--data", _folder.Data, "--calibrate", _folder.Calibration, "--methods", "tr; int8; fp32; int4 + output-correction", "--out", _folder["report"], "--json", "-")).ShouldBeDone();
        var document = JsonNode.Parse(run.Output)!;
        document["results"]!.AsArray().Select(result => result!["recipe"]!.GetValue<string>()).ShouldBe(["fp32", "tr", "int8", "int4 + output-correction"]);
        File.Exists(_folder["report/report.html"]).ShouldBeTrue();
    }

    [Fact]
    public async Task Methods_describes_every_method_and_each_of_its_options()
    {
        var all = (await CommandRun.Of("methods")).ShouldBeDone().Output;
        foreach (var method in Subbyte.Methods.MethodRegistry.Default.Methods)
        {
            all.ShouldContain(method.Name);
            var one = (await CommandRun.Of("methods", method.Name)).ShouldBeDone().Output;
            foreach (var option in method.Options) one.ShouldContain(option.Name);
        }
    }

    [Theory]
    [InlineData]
    [InlineData("eval")]
    [InlineData("compare")]
    [InlineData("quantize")]
    [InlineData("inspect")]
    [InlineData("methods")]
    [InlineData("data")]
    [InlineData("data", "list")]
    [InlineData("data", "info")]
    [InlineData("data", "get")]
    public async Task Every_verb_has_help(params string[] verb)
    {
        var output = (await CommandRun.Of([.. verb, "--help"])).ShouldBeDone().Output;
        output.ShouldContain(verb.Length == 0 ? "quantize" : "Examples:");
    }

    private async Task<JsonNode> Eval(params string[] options)
        => JsonNode.Parse((await CommandRun.Of(["eval", _folder.Model, "--data", _folder.Data, "--json", "-", .. options])).ShouldBeDone().Output)!;

    private Task<string> Results(string recipe, params string[] options)
        => ResultsOf.Command(["eval", _folder.Model, "--data", _folder.Data, "--method", recipe, "--calibrate", _folder.Calibration, .. options]);

    private static string[] Names(JsonNode node) => [.. node.AsObject().Select(member => member.Key)];
}
