using Subbyte.Hardware.Rtl;
using Subbyte.Methods.TermRevealing;
using Subbyte.Tests;
using Subbyte.Tests.Cli;
using Subbyte.Tests.Data;

namespace Subbyte.Hardware.Tests.Rtl;

/// <summary>A million operand sets a block in the compiling simulator, and a whole layer of a real network.</summary>
[Trait("Speed", "Slow")]
[Collection(Subbyte.Hardware.Tests.Cli.CommandCollection.Name)]
public sealed class ManyOperandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("int8", 16)]
    [InlineData("one-hot", 16)]
    [InlineData("sparq", 32)]
    [InlineData("nb-smt:threads=2", 32)]
    [InlineData("nb-smt:threads=4", 64)]
    [InlineData("fpec", 16)]
    [InlineData("tr:group=8,budget=16,terms=3", 128)]
    public void A_million_operand_sets_give_the_models_sums(string recipe, int channels)
    {
        Skip.IfNot(CoSimulation.IsInstalled(RtlSimulator.Verilator), "Verilator, g++ or make is not installed");
        var layer = RtlLayers.Random(recipe, 256, 256, channels, seed: 6);
        var element = RtlElements.Of(layer.Draft);
        (256L * 256 * element.Steps).ShouldBeGreaterThanOrEqualTo(1_000_000);
        RtlBench.OfElement(layer, element).Write(_folder.Path);
        CoSimulation.Run(_folder.Path, RtlSimulator.Verilator).ShouldStartWith("PASS");
    }

    [SkippableFact]
    public void The_encoder_and_the_group_budget_run_in_the_compiling_simulator_too()
    {
        Skip.IfNot(CoSimulation.IsInstalled(RtlSimulator.Verilator), "Verilator, g++ or make is not installed");
        EncoderBench.OfEncoder([.. Enumerable.Range(0, 1 << 14)], 14).Write(_folder["encoder"]);
        CoSimulation.Run(_folder["encoder"], RtlSimulator.Verilator).ShouldStartWith("PASS");
        var random = new Random(8);
        var groups = Enumerable.Range(0, 1 << 17).Select(_ => Enumerable.Range(0, 8).Select(_ => (short)random.Next(-128, 129)).ToArray()).ToArray();
        EncoderBench.OfRevealer(new TermRevealingOptions(), groups, 8).Write(_folder["budget"]);
        CoSimulation.Run(_folder["budget"], RtlSimulator.Verilator).ShouldStartWith("PASS");
    }

    [SkippableTheory]
    [InlineData("int8")]
    [InlineData("nb-smt:threads=2")]
    public async Task An_array_of_eight_by_eight_runs_a_whole_real_layer(string recipe)
    {
        Skip.IfNot(CoSimulation.IsInstalled(RtlSimulator.Verilator), "Verilator, g++ or make is not installed");
        var model = SharedData.Require("models/cifar10-resnet20.onnx");
        var data = SharedData.Require("cifar10/test_batch_first1017.bin.gz");
        var train = SharedData.Require("cifar10/train_lossless_8068.bin.gz");
        var run = (await CommandRun.Of("rtl", recipe, "--from", model, "--layer", "layer3.0.conv1", "--data", $"cifar10:{data}", "--calibrate", $"cifar10:{train}", "--calibration-samples", "32", "--array", "8x8", "--out", _folder.Path, "--run", "verilator", "-q")).ShouldBeDone();
        // 64 positions by 64 filters: 64 folds of K + 14 cycles, K = 288 or half of it.
        run.Output.ShouldContain($"{64 * ((recipe == "int8" ? 288 : 144) + 14)} cycles");
        run.Output.ShouldContain("PASS");
    }
}
