using System.Text.Json;
using Subbyte.Hardware.Rtl;
using Subbyte.Tests;
using Subbyte.Tests.Cli;
using Subbyte.Tests.Data;

namespace Subbyte.Hardware.Tests.Rtl;

/// <summary>A layer of CIFAR ResNet-20 with a real image, 64 positions by 64 filters by 288 operands, on every block in both simulators.</summary>
[Trait("Speed", "Slow")]
[Collection(Cli.CommandCollection.Name)]
public sealed class RealLayerTests : IDisposable
{
    private const string Layer = "layer3.0.conv1";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("int8", "element")]
    [InlineData("int8", "pair")]
    [InlineData("fxp:bits=16", "element")]
    [InlineData("sparq", "element")]
    [InlineData("nb-smt:threads=2", "element")]
    [InlineData("nb-smt:threads=4", "element")]
    [InlineData("one-hot", "element")]
    [InlineData("fpec", "element")]
    [InlineData("fpec:adders=2", "element")]
    [InlineData("tr:group=8,budget=12", "element")]
    [InlineData("tr", "hese-encoder")]
    [InlineData("tr", "group-budget")]
    public async Task A_block_runs_a_whole_layer_in_both_simulators(string recipe, string block)
    {
        await Write(recipe, "--block", block);
        RunBoth();
    }

    [SkippableFact]
    public async Task Term_MACs_switch_modes_on_a_part_of_the_layer_in_both_simulators()
    {
        await Write("tr", "--block", "modes", "--positions", "1");
        RunBoth();
    }

    // Sixty-four of the larger elements take the interpreting simulator minutes; each of them alone runs there above.
    [SkippableTheory]
    [InlineData("int8", true)]
    [InlineData("sparq", false)]
    [InlineData("nb-smt:threads=2", false)]
    [InlineData("nb-smt:threads=4", false)]
    [InlineData("one-hot", true)]
    [InlineData("fpec", false)]
    [InlineData("fpec:adders=2", false)]
    [InlineData("tr:group=8,budget=12", false)]
    public async Task An_array_of_eight_by_eight_takes_the_simulators_cycles(string recipe, bool inBoth)
    {
        var output = await Write(recipe, "--array", "8x8");
        var simulated = (await CommandRun.Of(["simulate", .. Network(), "--method", recipe, "--array", "8x8", "--limit", "1", "--json", "-", "-q"])).ShouldBeDone();
        var layer = JsonDocument.Parse(simulated.Output).RootElement.GetProperty("results").EnumerateArray().Single(result => result.GetProperty("recipe").GetString() == Layer);
        output.ShouldContain($" {layer.GetProperty("cost").GetProperty("cycles").GetInt64()} cycles");
        if (inBoth) RunBoth();
        else CoSimulation.Run(_folder.Path, RtlSimulator.Verilator).ShouldStartWith("PASS");
    }

    private static string[] Network(string option = "")
    {
        var model = SharedData.Require("models/cifar10-resnet20.onnx");
        var data = SharedData.Require("cifar10/test_batch_first1017.bin.gz");
        var train = SharedData.Require("cifar10/train_lossless_8068.bin.gz");
        return [.. option.Length > 0 ? new[] { option } : [], model, "--data", $"cifar10:{data}", "--calibrate", $"cifar10:{train}", "--calibration-samples", "32"];
    }

    private async Task<string> Write(string recipe, params string[] options)
    {
        foreach (var simulator in Enum.GetValues<RtlSimulator>()) Skip.IfNot(CoSimulation.IsInstalled(simulator), $"{simulator}, its compiler or make is not installed");
        return (await CommandRun.Of(["rtl", recipe, .. Network("--from"), "--layer", Layer, .. options, "--out", _folder.Path, "-q"])).ShouldBeDone().Output;
    }

    private void RunBoth()
    {
        var verdicts = Enum.GetValues<RtlSimulator>().Select(simulator => CoSimulation.Run(_folder.Path, simulator)).ToArray();
        verdicts[0].ShouldStartWith("PASS");
        verdicts[1].ShouldBe(verdicts[0]);
    }
}
