using System.Text.RegularExpressions;
using Subbyte.Tests.Data;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Cli;

/// <summary>docs/training.md as a person follows it: its files are written, its commands are run one after the other, on few samples and for one epoch.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed partial class TrainingPageTests : IDisposable
{
    private static readonly string[] TakesLimit = ["train", "eval", "compare", "quantize", "run"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    [Trait("Speed", "Slow")]
    public async Task Every_command_of_the_page_runs_as_written()
    {
        var data = Path.GetDirectoryName(SharedData.Require("mnist"))!;
        SharedData.Require("cifar10/train_lossless_8068.bin.gz");
        SharedData.Require("models/cifar10-resnet20.onnx");
        var before = Environment.GetEnvironmentVariable("SUBBYTE_DATA");
        var commands = 0;
        try
        {
            Environment.SetEnvironmentVariable("SUBBYTE_DATA", data);
            foreach (Match block in Fences().Matches(Page()))
            {
                var (language, text) = (block.Groups["language"].Value, block.Groups["text"].Value);
                if (language == "yaml" && text.StartsWith("# ", StringComparison.Ordinal)) _folder.Write(text.Split('\n')[0][2..].Trim(), text);
                if (language != "sh") continue;
                foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    var run = await CommandRun.Of([.. Arguments(line, data)]);
                    run.ExitCode.ShouldBe(0, $"{line}: {run.Error}");
                    commands++;
                }
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("SUBBYTE_DATA", before);
        }

        commands.ShouldBeGreaterThan(10);
        foreach (var made in new[] { "runs/ternary/last.onnx", "runs/ternary/comparison/report.html", "ternary.onnx", "ternary.subbyte", "runs/sttn/last.onnx" }) File.Exists(_folder[made]).ShouldBeTrue(made);
    }

    private static string Page()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Subbyte.slnx"))) folder = folder.Parent;
        Skip.If(folder is null, "the project's folder is not above the tests");
        return File.ReadAllText(Path.Combine(folder!.FullName, "docs", "training.md")).ReplaceLineEndings("\n");
    }

    /// <summary>The command as a shell would split it, in the temporary folder, with the switches of its quick form.</summary>
    private IEnumerable<string> Arguments(string line, string data)
    {
        var words = Words().Matches(Comment().Replace(line, "")).Select(word => word.Value.Replace("\"", "", StringComparison.Ordinal).Replace("$SUBBYTE_DATA", data, StringComparison.Ordinal)).ToList();
        words[0].ShouldBe("subbyte", line);
        var verb = words[1];
        for (var i = 2; i < words.Count; i++)
        {
            if (words[i].StartsWith("runs/", StringComparison.Ordinal) || words[i].StartsWith("ternary.", StringComparison.Ordinal)) words[i] = _folder[words[i]];
        }

        var quick = new List<string> { "--quiet" };
        if (TakesLimit.Contains(verb, StringComparer.Ordinal)) quick.AddRange(["--limit", "64"]);
        if (verb == "train" && !words.Contains("--epochs")) quick.AddRange(["--epochs", "1"]);
        return [.. words.Skip(1), .. quick];
    }

    [GeneratedRegex("^```(?<language>\\w+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fences();

    [GeneratedRegex("\"[^\"]*\"|\\S+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();

    /// <summary>A comment stands after a blank; a split of data (<c>#test</c>) does not.</summary>
    [GeneratedRegex("\\s#.*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comment();
}
