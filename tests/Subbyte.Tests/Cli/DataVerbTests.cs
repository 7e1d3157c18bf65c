using System.Text.Json.Nodes;
using Subbyte.Tests.Data;
using Subbyte.Tests.Data.Downloads;
using Subbyte.Tests.Data.Images;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Cli;

/// <summary>The verb <c>data</c>, and data that a network cannot take.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class DataVerbTests : IAsyncDisposable
{
    private readonly CommandFolder _folder = new();
    private readonly FileServer _server = new();

    [Fact]
    public async Task List_names_kinds_and_sets_with_their_sums()
    {
        var run = (await CommandRun.Of("data", "list")).ShouldBeDone();
        foreach (var text in new[] { "images:DIR", "cifar10:PATH", "fashion-mnist", "https://www.cs.toronto.edu/~kriz/" }) run.Output.ShouldContain(text);
        var document = JsonNode.Parse((await CommandRun.Of("data", "list", "--json", "-")).ShouldBeDone().Output)!;
        document["schema"]!.GetValue<string>().ShouldBe("subbyte.data-list/1");
        document["downloads"]!.AsArray().SelectMany(set => set!["files"]!.AsArray()).ShouldAllBe(file => file!["sha256"]!.GetValue<string>().Length == 64);
    }

    [Fact]
    public async Task Info_tells_samples_shape_classes_and_sum()
    {
        var run = (await CommandRun.Of("data", "info", _folder.Data + "#0-9")).ShouldBeDone();
        run.Output.ShouldContain("10 samples of 3x32x32");
        var document = JsonNode.Parse((await CommandRun.Of("data", "info", _folder.Data, "--json", "-")).ShouldBeDone().Output)!;
        document["schema"]!.GetValue<string>().ShouldBe("subbyte.data-info/1");
        document["samples"]!.GetValue<int>().ShouldBe(CommandFolder.Pictures);
        document["shape"]!.AsArray().Select(size => size!.GetValue<int>()).ShouldBe([3, 32, 32]);
        document["samplesPerClass"]!.AsArray().Sum(count => count!.GetValue<int>()).ShouldBe(CommandFolder.Pictures);
        document["sha256"]!.GetValue<string>().Length.ShouldBe(64);
    }

    [Fact]
    public async Task Tables_are_written_as_comma_separated_values_too()
    {
        var list = (await CommandRun.Of("data", "list", "--csv", "-")).ShouldBeDone().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        list[0].ShouldBe("set,file,bytes,sha256,address");
        list.ShouldContain("cifar10,cifar-10-binary.tar.gz,170052171,c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd,https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz");
        var info = (await CommandRun.Of("data", "info", _folder.Data, "--csv", "-")).ShouldBeDone().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        info[0].ShouldBe("class,samples");
        info.Skip(1).Sum(line => int.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(CommandFolder.Pictures);
    }

    [Fact]
    public async Task Photos_without_labels_are_scored_by_agreement()
    {
        Photos(labels: null);
        (await CommandRun.Of("data", "info", $"images:{_folder["photos"]}")).ShouldBeDone().Output.ShouldContain("no labels");
        var results = new List<string>();
        foreach (var threads in new[] { "1", "2" })
        {
            var run = (await CommandRun.Of("eval", _folder.Model, "--data", $"images:{_folder["photos"]}", "--threads", threads, "--json", "-", "--quiet")).ShouldBeDone();
            var result = JsonNode.Parse(run.Output)!["results"]![0]!;
            (result["metric"]!.GetValue<string>(), result["samples"]!.GetValue<int>()).ShouldBe(("agreement", 3));
            results.Add(result["value"]!.ToJsonString() + JsonNode.Parse(run.Output)!["data"]!.ToJsonString());
        }

        results[1].ShouldBe(results[0]);
    }

    [Theory]
    [InlineData("data", "data --help")]
    [InlineData("data frobnicate", "frobnicate")]
    [InlineData("data info", "data info --help")]
    [InlineData("data info cifar10:absent.bin", "absent.bin")]
    [InlineData("data info tape:x", "tape")]
    [InlineData("data info images:absent", "is not a folder")]
    [InlineData("data get imagenet", "there are cifar10, fashion-mnist, mnist")]
    [InlineData("data get mnist --mirror ftp://host/", "not an http or https address")]
    [InlineData("data get mnist --frobnicate", "--frobnicate")]
    public async Task What_is_wrong_is_said_in_one_line(string commandLine, string text)
    {
        var before = _folder.Files.ToArray();
        (await CommandRun.Of(commandLine.Split(' '))).ShouldBeRefused(text);
        _folder.Files.ShouldBe(before);
    }

    [Fact]
    public async Task A_set_that_the_mirror_lacks_is_refused() =>
        (await Get()).ShouldBeRefused("404 Not Found", "--mirror");

    [Fact]
    public async Task A_set_with_another_content_is_refused_and_not_kept()
    {
        _server.Files["train-images-idx3-ubyte.gz"] = new byte[9912422];
        (await Get()).ShouldBeRefused("SHA-256", "not kept");
        Directory.EnumerateFiles(_folder["mnist"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_refused() =>
        (await CommandRun.Of("data", "get", "mnist", "--out", Path.Combine(_folder.Model, "x"), "--mirror", _server.Address.ToString(), "--quiet")).ShouldBeRefused("cannot be made", "--out");

    [Theory]
    [InlineData("eval")]
    [InlineData("compare")]
    public async Task A_label_that_the_network_cannot_give_is_refused(string verb)
    {
        Photos(labels: "file,class\n0.png,3\n1.png,10\n2.png,0\n");
        string[] rest = verb == "compare" ? ["--methods", "int8", "--calibrate", _folder.Calibration, "--out", _folder["report"]] : [];
        (await CommandRun.Of([verb, _folder.Model, "--data", $"images:{_folder["photos"]}", "--quiet", .. rest])).ShouldBeRefused("record 1 has label 10", "tells 10 classes apart");
        _folder.Files.ShouldNotContain(file => file.EndsWith(".html", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Data_of_another_shape_are_refused()
    {
        File.WriteAllBytes(_folder["grey-idx3-ubyte"], DataFiles.Idx([3, 28, 28]));
        (await CommandRun.Of("eval", _folder.Model, "--data", $"mnist:{_folder["grey-idx3-ubyte"]}", "--preprocess", "scale=1")).ShouldBeRefused("takes inputs of 3x32x32", "are 1x28x28");
        (await CommandRun.Of("eval", _folder.Model, "--data", $"mnist:{_folder["grey-idx3-ubyte"]}")).ShouldBeRefused("1x28x28");
    }

    [Fact]
    public async Task A_photo_that_cannot_be_read_is_refused()
    {
        Photos(labels: null);
        File.WriteAllBytes(Path.Combine(_folder["photos"], "1.png"), PngFile.Rgb(4, 4, (_, _, _) => 1)[..50]);
        (await CommandRun.Of("eval", _folder.Model, "--data", $"images:{_folder["photos"]}", "--quiet", "--threads", "2")).ShouldBeRefused("1.png", "truncated");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private Task<CommandRun> Get() =>
        CommandRun.Of("data", "get", "mnist", "--out", _folder["mnist"], "--mirror", _server.Address.ToString(), "--quiet");

    private void Photos(string? labels)
    {
        Directory.CreateDirectory(_folder["photos"]);
        for (var i = 0; i < 3; i++) File.WriteAllBytes(Path.Combine(_folder["photos"], $"{i}.png"), PngFile.Rgb(50 + i, 40, (x, y, c) => ((x * 5) + (y * 3) + (c * 40) + i) & 0xff));
        if (labels is not null) File.WriteAllText(Path.Combine(_folder["photos"], "labels.csv"), labels);
    }
}
