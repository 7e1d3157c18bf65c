using System.Diagnostics;
using Subbyte.Tests.Data;

namespace Subbyte.Tests.Experiments.Reproduction;

/// <summary>A process that is killed at any moment leaves a store from which the next one goes on, to the same figures.</summary>
[Trait("Speed", "Slow")]
public sealed class KilledReproductionTests : IDisposable
{
    private const int Kills = 10;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Killed_ten_times_it_gives_the_figures_of_an_undisturbed_run()
    {
        var list = WriteList();
        var watch = Stopwatch.StartNew();
        using (var undisturbed = Start(list, "whole", "whole.json")) undisturbed.WaitForExit();
        var random = new Random(20);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = Start(list, "killed", "killed.json");
            if (!process.WaitForExit(random.Next(50, (int)Math.Max(100, watch.ElapsedMilliseconds * 2 / 3)))) process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        using (var last = Start(list, "killed", "killed.json"))
        {
            last.WaitForExit();
            last.ExitCode.ShouldBe(0);
        }

        File.ReadAllText(_folder["killed.json"]).ShouldBe(File.ReadAllText(_folder["whole.json"]));
        string[] Kept(string store) => [.. Directory.GetFiles(_folder[store], "*.json").Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Kept("killed").ShouldBe(Kept("whole"));
    }

    private string WriteList()
    {
        var (model, test, train) = (SharedData.Require("models/cifar10-resnet8-tiny.onnx"), SharedData.Require("cifar10/test_batch_first1017.bin.gz"), SharedData.Require("cifar10/train_lossless_8068.bin.gz"));
        var workload = _folder.Write("tiny.yaml", $"model: {model}\ndata: cifar10:{test}\ncalibrate: cifar10:{train}\nmetric: top1\n");
        var recipes = new[] { "int8", "int4", "sparq", "tr", "nb-smt", "log:bits=4", "fxp:bits=6", "one-hot" };
        return _folder.Write(
            "list.yaml",
            $"title: x\nworkload: {workload}\ncalibration-samples: 16\nlimit: 64\nexperiments:\n{string.Concat(recipes.Select(recipe => $"  - {{ name: \"{recipe}\", recipe: \"{recipe}\", at-least: 0 }}\n"))}");
    }

    /// <summary>The tool as a process of its own: the assembly beside the tests'.</summary>
    private Process Start(string list, string store, string json)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Subbyte.Cli.dll"), "reproduce", list, "--store", _folder[store], "--json", _folder[json], "--no-report", "--quiet", "--threads", "1"];
        return Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
