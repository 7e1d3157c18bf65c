using System.Text.Json;
using Subbyte.Tests;
using Subbyte.Tests.Cli;
using Subbyte.Tests.Data;

namespace Subbyte.Hardware.Tests.Cli;

[Collection(CommandCollection.Name)]
public sealed class SimulateMethodTests : IDisposable
{
    private const string Csv = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\nfirst, 10, 10, 3, 3, 3, 16, 1,\nconv, 10, 10, 3, 3, 32, 48, 1,\nlast, 1, 1, 1, 1, 48, 10, 1,\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("nb-smt:threads=2", "SySMT 2T", 12 * ((9 * 16) + 14))]
    [InlineData("nb-smt:threads=4", "SySMT 4T", 12 * ((9 * 8) + 14))]
    [InlineData("sparq", "SPARQ 4b5opt", 12 * ((9 * 16) + 14))]
    [InlineData("tr:group=8,budget=12", "tMAC", 12 * ((9 * 4) + 14) * 12 * 3)]
    [InlineData("one-hot", "one-hot", 12 * ((9 * 32) + 14))]
    [InlineData("int4", "MAC 4x8", 12 * ((9 * 32) + 14))]
    public async Task A_methods_element_sets_the_steps_of_a_dot_product(string method, string element, double cycles)
    {
        var run = await CommandRun.Of("simulate", "--topology", _folder.Write("t.csv", Csv), "--method", method, "--array", "8x8", "--json", "-", "-q");
        var conv = JsonDocument.Parse(run.ShouldBeDone().Output).RootElement.GetProperty("results")[1];
        conv.GetProperty("element").GetString().ShouldBe(element);
        // 64 positions by 48 filters on 8x8: 8 by 6 folds.
        conv.GetProperty("cost").GetProperty("cycles").GetDouble().ShouldBe(cycles * 4);
    }

    [Theory]
    [InlineData("laconic")]
    [InlineData("bit-pragmatic")]
    [InlineData("dadiannao")]
    [InlineData("fpec")]
    public async Task Drawn_values_are_the_same_for_a_seed(string method)
    {
        var file = _folder.Write("t.csv", Csv);
        var first = (await CommandRun.Of("simulate", "--topology", file, "--method", method, "--csv", "-", "-q")).ShouldBeDone();
        (await CommandRun.Of("simulate", "--topology", file, "--method", method, "--csv", "-", "-q")).Output.ShouldBe(first.Output);
        var other = (await CommandRun.Of("simulate", "--topology", file, "--method", method, "--csv", "-", "-q", "--seed", "2")).ShouldBeDone();
        if (method != "dadiannao") other.Output.ShouldNotBe(first.Output);
    }

    [Fact]
    public async Task SySMT_on_ResNet_18s_shapes_has_the_papers_speed_up_less_fill_and_drain()
    {
        var run = (await CommandRun.Of("simulate", "--topology", "resnet18", "--array", "16x16", "--json", "-", "-q")).ShouldBeDone();
        var layers = JsonDocument.Parse(run.Output).RootElement.GetProperty("results").EnumerateArray().ToArray();
        double one = 0, two = 0, first = 0;
        foreach (var layer in layers.Where(layer => layer.GetProperty("recipe").GetString() != "fc"))
        {
            var (cycles, k) = (layer.GetProperty("cost").GetProperty("cycles").GetDouble(), layer.GetProperty("k").GetDouble());
            var folds = cycles / (k + 30);
            if (layer.GetProperty("recipe").GetString() == "conv1")
            {
                first = cycles;
                continue;
            }

            one += cycles;
            two += folds * ((k / 2) + 30);
        }

        (one / two).ShouldBe(1.95, 0.005);
        ((one + first) / (two + first)).ShouldBe(1.83, 0.005);
    }

    [Fact]
    public async Task Two_networks_at_once_and_none_are_refused()
    {
        (await CommandRun.Of("simulate", "model.onnx", "--topology", "alexnet")).ShouldBeRefused("not both");
        (await CommandRun.Of("simulate")).ShouldBeRefused("--topology");
        (await CommandRun.Of("simulate", "--topology", "alexnet", "--method", "gptq")).ShouldBeRefused("--data");
    }

    [SkippableFact]
    public async Task Predicted_outputs_shorten_cycles_the_more_the_fewer_filters_share_a_position()
    {
        var model = SharedData.Require("models/cifar10-resnet8-tiny.onnx");
        var data = SharedData.Require("cifar10/test_batch_first1017.bin.gz");
        async Task<JsonElement> Total(string array)
        {
            var run = (await CommandRun.Of("simulate", model, "--method", "int8 + cross-neuron", "--data", $"cifar10:{data}#0-1", "--calibrate", $"cifar10:{data}#8-15", "--calibration-samples", "8", "--array", array, "--json", "-", "-q")).ShouldBeDone();
            return JsonDocument.Parse(run.Output).RootElement.GetProperty("total");
        }

        var one = await Total("4x1");
        var speedup = one.GetProperty("speedup").GetDouble();
        var cost = one.GetProperty("cost");
        speedup.ShouldBeInRange(1.1, 1 / (1 - (cost.GetProperty("operations").GetProperty("macs.skipped").GetDouble() / cost.GetProperty("macs").GetDouble())));
        cost.GetProperty("cycles").GetDouble().ShouldBe(one.GetProperty("baselineCycles").GetDouble() / speedup, 1);
        // A row of elements works when one of its filters needs the position.
        (await Total("4x4")).GetProperty("speedup").GetDouble().ShouldBeInRange(1, speedup - 0.05);
    }

    [Theory]
    [InlineData("--topology alexnet --method equalize@+@int8", "only its shapes")]
    [InlineData("--topology alexnet --method int8@+@cross-neuron", "--data")]
    [InlineData("--topology alexnet --method int8@+@output-correction", "--data")]
    public async Task Steps_that_would_be_left_out_are_refused(string arguments, string text)
        => (await CommandRun.Of(["simulate", .. arguments.Split(' ').Select(argument => argument.Replace('@', ' '))])).ShouldBeRefused(text);

    [SkippableFact]
    public async Task Bias_absorption_asks_for_samples()
        => (await CommandRun.Of("simulate", SharedData.Require("models/cifar10-resnet8-tiny.onnx"), "--method", "equalize:absorb + int8")).ShouldBeRefused("absorb", "--calibrate");

    [SkippableFact]
    public async Task Real_activations_decide_how_busy_two_threads_are()
    {
        var model = SharedData.Require("models/cifar10-resnet20.onnx");
        var data = SharedData.Require("cifar10/test_batch_first1017.bin.gz");
        var train = SharedData.Require("cifar10/train_lossless_8068.bin.gz");
        var run = (await CommandRun.Of("simulate", model, "--method", "nb-smt:threads=2", "--data", $"cifar10:{data}", "--calibrate", $"cifar10:{train}", "--calibration-samples", "64", "--limit", "4", "--array", "16x16", "--json", "-", "-q")).ShouldBeDone();
        var document = JsonDocument.Parse(run.Output).RootElement;
        var total = document.GetProperty("total");
        total.GetProperty("busyShare").GetDouble().ShouldBeInRange(0.55, 0.75);
        total.GetProperty("baselineBusyShare").GetDouble().ShouldBeInRange(0.38, 0.55);
        total.GetProperty("elementEnergySaving").GetDouble().ShouldBeInRange(0.03, 0.25);
        document.GetProperty("results").GetArrayLength().ShouldBe(20);
        document.GetProperty("data").GetProperty("samples").GetInt32().ShouldBe(4);
    }
}
