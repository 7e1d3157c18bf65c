using System.Text.Json.Nodes;
using Subbyte.Tests;
using Subbyte.Tests.Cli;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Cli;

[Collection(InstructionSetCollection.Name)]
public sealed class PackedVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("subbyte-packed").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public async Task A_network_is_packed_inspected_and_run_with_the_answers_of_eval()
    {
        var model = SharedData.Require("models/cifar10-resnet8-tiny.onnx");
        var data = $"cifar10:{SharedData.Require("cifar10/test_batch_first1017.bin.gz")}";
        var calibration = $"cifar10:{SharedData.Require("cifar10/train_lossless_8068.bin.gz")}";
        var file = Path.Combine(_folder, "tiny.subbyte");
        string[] task = ["--data", data, "--calibrate", calibration, "--calibration-samples", "16", "--method", "int4", "--quiet"];
        (await CommandRun.Of(["pack", model, .. task, "--out", file])).ShouldBeDone().Output.ShouldContain("bits4 product");
        (await CommandRun.Of("inspect", file)).ShouldBeDone().Output.ShouldContain("bits4 product");
        var packed = JsonNode.Parse((await CommandRun.Of("run", file, "--data", data, "--limit", "40", "--json", "-", "--quiet")).ShouldBeDone().Output)!;
        var evaluated = JsonNode.Parse((await CommandRun.Of(["eval", model, .. task, "--limit", "40", "--json", "-"])).ShouldBeDone().Output)!;
        packed["results"]![0]!["value"]!.GetValue<double>().ShouldBe(evaluated["results"]![0]!["value"]!.GetValue<double>());
        packed["results"]![0]!["canonicalRecipe"]!.GetValue<string>().ShouldBe(evaluated["results"]![0]!["canonicalRecipe"]!.GetValue<string>());
        var rows = (await CommandRun.Of("run", file, "--data", data, "--limit", "3", "--top", "2", "--csv", "-", "--quiet")).ShouldBeDone().Output;
        rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1 + (3 * 2));
    }

    [SkippableFact]
    public async Task A_word_language_model_is_packed_and_run_with_the_perplexity_of_eval()
    {
        var model = SharedData.Require("models/wikitext2-lstm-2x160.npz");
        var data = $"wikitext:{SharedData.Require("wikitext-2")},vocab={SharedData.Require("models/wikitext2-lstm-2x160.vocab.txt")}#valid";
        var file = Path.Combine(_folder, "words.subbyte");
        string[] task = ["--data", data, "--calibrate", data, "--calibration-samples", "4", "--method", "int4:layers=*", "--quiet"];
        (await CommandRun.Of(["pack", model, .. task, "--out", file])).ShouldBeDone().Output.ShouldContain("LSTM of bits4 product");
        (await CommandRun.Of("inspect", file)).ShouldBeDone().Output.ShouldContain("1×1×160");
        var packed = JsonNode.Parse((await CommandRun.Of("run", file, "--data", data, "--limit", "5", "--json", "-", "--quiet")).ShouldBeDone().Output)!["results"]![0]!;
        var evaluated = JsonNode.Parse((await CommandRun.Of(["eval", model, .. task, "--limit", "5", "--json", "-"])).ShouldBeDone().Output)!["results"]![0]!;
        packed["metric"]!.GetValue<string>().ShouldBe("perplexity");
        packed["value"]!.GetValue<double>().ShouldBe(evaluated["value"]!.GetValue<double>());
        packed["samples"]!.GetValue<int>().ShouldBe(50);
        (await CommandRun.Of("run", file, "--data", $"cifar10:{SharedData.Require("cifar10/test_batch_first1017.bin.gz")}", "--quiet")).ShouldBeRefused("carries a state");
    }

    [Fact]
    public async Task Files_that_are_no_packed_network_are_refused_in_one_line()
    {
        var file = Path.Combine(_folder, "none.subbyte");
        await File.WriteAllTextAsync(file, "no network");
        (await CommandRun.Of("inspect", file)).ShouldBeRefused("none.subbyte", "offset 0");
        (await CommandRun.Of("run", file, "--data", "glyphs")).ShouldBeRefused("offset 0");
        (await CommandRun.Of("run", Path.Combine(_folder, "absent.subbyte"), "--data", "glyphs")).ShouldBeRefused("absent.subbyte");
        (await CommandRun.Of("bench", "network", file, "--quiet")).ShouldBeRefused("offset 0");
    }
}
