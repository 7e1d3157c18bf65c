using System.Text.Json.Nodes;
using Subbyte.Experiments;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Cli;

/// <summary>What <c>bench</c> writes; how fast anything is, no test can say.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class BenchTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Peaks_are_given_by_instruction_set_and_threads()
    {
        var results = await Results("peak", "--threads", "2", "--csv", _folder["peak.csv"]);
        results.Select(result => result!["threads"]!.GetValue<int>()).Distinct().ShouldBe([1, 2], ignoreOrder: true);
        foreach (var result in results)
        {
            result!.AsObject().Select(member => member.Key).ShouldBe(["name", "instructionSet", "threads", "gigaPerSecond", "unit"]);
            result!["gigaPerSecond"]!.GetValue<double>().ShouldBeGreaterThan(0);
        }

        var lines = await File.ReadAllLinesAsync(_folder["peak.csv"]);
        lines[0].ShouldBe("name,instructionSet,threads,gigaPerSecond,unit");
        lines.Length.ShouldBe(results.Count + 1);
    }

    [Fact]
    public async Task Layers_are_timed_in_the_formats_that_were_asked_for()
    {
        var results = await Results("layers", "--preset", "resnet20", "--formats", "fp32,ternary-u8", "--milliseconds", "1");
        results.Count.ShouldBe(2 * LayerShape.Presets["resnet20"].Count);
        foreach (var result in results)
        {
            result!.AsObject().Select(member => member.Key).ToArray().ShouldHold(["layer", "format", "milliseconds", "medianMilliseconds", "repeats", "kernel"]);
            result!["repeats"]!.GetValue<int>().ShouldBeGreaterThanOrEqualTo(30);
            result!["milliseconds"]!.GetValue<double>().ShouldBeInRange(0, result["medianMilliseconds"]!.GetValue<double>());
        }
    }

    [Fact]
    public async Task A_network_is_timed_node_by_node()
    {
        var results = await Results("network", _folder.Model, "--method", "int8; tr", "--milliseconds", "1", "--batch", "2");
        results.Select(result => result!["format"]!.GetValue<string>()).ShouldBe(["fp32", "int8", "tr"]);
        foreach (var result in results)
        {
            result!["layers"]!.AsArray().Count(layer => layer!["kernel"] is not null).ShouldBe(3);
            result["samplesPerSecond"]!.GetValue<double>().ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task A_built_in_network_is_timed_under_recipes_that_need_a_training_and_others()
    {
        var results = await Results("shape", "lenet5", "--size", "16", "--classes", "4", "--method", "twn; int4", "--milliseconds", "1");
        results.Select(result => result!["format"]!.GetValue<string>()).ShouldBe(["twn", "int4"]);
        results[0]!["layers"]!.AsArray().ShouldContain(layer => layer!["kernel"] != null && layer["kernel"]!.GetValue<string>().StartsWith("bits2 product", StringComparison.Ordinal));
        results[1]!["layers"]!.AsArray().ShouldContain(layer => layer!["kernel"] != null && layer["kernel"]!.GetValue<string>().StartsWith("bits4 product", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("resnet19", "shape", "resnet19")]
    [InlineData("--size", "shape", "resnet18", "--size", "4")]
    [InlineData("--classes", "shape", "resnet18", "--classes", "1")]
    [InlineData("no recipe", "shape", "resnet18", "--method", ";")]
    public async Task Shapes_that_make_no_sense_are_refused(string reason, params string[] arguments)
        => (await CommandRun.Of(["bench", .. arguments])).ShouldBeRefused(reason);

    [Fact]
    public async Task Methods_are_timed_beside_int8_and_value_by_value()
    {
        var results = await Results("methods", _folder.Model, "--methods", "int8; nb-smt:threads=4; fpec:bits=6; tr", "--milliseconds", "1");
        results.Select(result => result!["recipe"]!.GetValue<string>()).ShouldBe(["int8", "nb-smt:threads=4", "fpec:bits=6", "tr"]);
        results[0]!["timesInt8"]!.GetValue<double>().ShouldBe(1);
        foreach (var result in results)
        {
            result!["milliseconds"]!.GetValue<double>().ShouldBeInRange(0, result["medianMilliseconds"]!.GetValue<double>());
            result["naiveMilliseconds"]!.GetValue<double>().ShouldBeGreaterThan(result["milliseconds"]!.GetValue<double>());
            result["naiveShare"]!.GetValue<double>().ShouldBeInRange(0.001, 1);
        }
    }

    [Fact]
    public async Task Solvers_are_timed_beside_the_same_work_value_by_value()
    {
        var results = await Results("solvers", _folder.Model, "--patches", "50", "--channels", "1", "--calibration-samples", "2");
        foreach (var result in results)
        {
            result!["channels"]!.GetValue<int>().ShouldBe(1);
            result["seconds"]!.GetValue<double>().ShouldBeGreaterThan(0);
            result["naiveSeconds"]!.GetValue<double>().ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task A_packed_network_is_timed_with_threads_and_written_as_a_page()
    {
        (await CommandRun.Of("pack", _folder.Model, "--method", "int4", "--calibrate", _folder.Calibration, "--out", _folder["net.subbyte"], "--quiet")).ShouldBeDone();
        var results = await Results("network", _folder["net.subbyte"], "--source", _folder.Model, "--threads", "2", "--milliseconds", "1", "--report", _folder["bench.html"]);
        results.Select(result => result!["threads"]!.GetValue<int>()).ShouldBe([1, 2]);
        foreach (var result in results) result!["percentile99Milliseconds"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(result["medianMilliseconds"]!.GetValue<double>());
        results[0]!["fileBytes"]!.GetValue<long>().ShouldBe(new FileInfo(_folder["net.subbyte"]).Length);
        results[1]!["speedupOverOneThread"]!.GetValue<double>().ShouldBeGreaterThan(0);
        results[1]!["peakSpeedupOfThreads"]!.GetValue<double>().ShouldBeGreaterThan(0);
        (await File.ReadAllTextAsync(_folder["bench.html"])).ShouldContain("share of the machine");
        (await CommandRun.Of("bench", "network", _folder["net.subbyte"], "--source", _folder["small.onnx"], "--quiet")).ShouldBeRefused("--source is the network that was packed");
        (await CommandRun.Of("bench", "network", _folder.Model, "--threads", "2", "--quiet")).ShouldBeRefused("--threads is for packed networks");
    }

    [Fact]
    public async Task Layers_are_written_as_a_page()
    {
        (await CommandRun.Of("bench", "layers", "--preset", "resnet20", "--formats", "int4", "--milliseconds", "1", "--report", _folder["layers.html"], "--quiet")).ShouldBeDone();
        (await File.ReadAllTextAsync(_folder["layers.html"])).ShouldContain("int4");
    }

    [SkippableFact]
    public async Task Onnx_runtime_is_raced_in_four_forms()
    {
        Skip.If(OnnxRuntimeProcess.Find() is null, $"ONNX Runtime is absent (set {OnnxRuntimeProcess.Variable} to the folder that holds node_modules/onnxruntime-node)");
        var results = await Results("network", _folder.Model, "--milliseconds", "1", "--against", "onnxruntime");
        results.Where(result => result!["runner"]!.GetValue<string>() == "onnxruntime").Select(result => result!["format"]!.GetValue<string>())
            .ShouldBe(["fp32", "int8 QDQ, layers only", "int8 QDQ", "int8 QDQ, exact"]);
        results.ShouldAllBe(result => result!["speedupOverOnnxRuntimeInt8"]!.GetValue<double>() > 0);
    }

    [Theory]
    [InlineData("layers --against onnxruntime --onnxruntime nowhere", "--against needs ONNX Runtime")]
    [InlineData("layers --formats fp32,fp3", "must name some of")]
    [InlineData("layers --milliseconds 0", "--milliseconds must lie in")]
    [InlineData("network nothing.onnx --batch 0", "--batch must lie in")]
    [InlineData("solvers nothing.onnx --bits 9", "--bits must lie in")]
    public async Task What_cannot_be_measured_is_refused(string arguments, string message)
        => (await CommandRun.Of(["bench", .. arguments.Split(' ')])).ShouldBeRefused(message);

    private static async Task<JsonArray> Results(params string[] args)
    {
        var run = (await CommandRun.Of(["bench", .. args, "--json", "-", "--quiet"])).ShouldBeDone();
        var document = JsonNode.Parse(run.Output)!;
        document["schema"]!.GetValue<string>().ShouldBe("subbyte.bench/1");
        document["kind"]!.GetValue<string>().ShouldBe(args[0]);
        return document["results"]!.AsArray();
    }
}
