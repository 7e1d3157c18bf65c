using System.Diagnostics;
using System.Text.Json.Nodes;
using Subbyte.Cli;
using Xunit.Abstractions;

namespace Subbyte.Tests.Cli;

/// <summary>Searches that are killed at any moment (SIGKILL: nothing is tidied up) go on where they were and end as if nothing had happened.</summary>
[Trait("Speed", "Slow")]
public sealed class KilledSearchTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 5;

    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mixed", 1)]
    [InlineData("fpec-opt", 2)]
    public void Killed_five_times_it_ends_like_an_undisturbed_search(string algorithm, int seed)
        => EndsTheSame(seed, "search", _folder.Model, "--data", _folder.Data, "--calibrate", _folder.Calibration, "--calibration-samples", "16", "--algorithm", algorithm, "--max-loss", "3");

    private void EndsTheSame(int seed, params string[] command)
    {
        var expected = Undisturbed(command, out var milliseconds);
        var random = new Random(seed);
        var (kills, folder) = (0, 0);
        while (kills < Kills)
        {
            using var process = Start(command, $"store{folder}");
            var moment = random.Next((int)milliseconds);
            if (process.WaitForExit(moment))
            {
                // It ended before its moment: what it made is right, and the next run begins from nothing.
                Result(process, $"store{folder++}").ShouldBe(expected);
                continue;
            }

            process.Kill();
            process.WaitForExit();
            kills++;
            output.WriteLine($"killed after {moment} ms, {Stored($"store{folder}")} results in the store");
        }

        using var last = Start(command, $"store{folder}");
        last.WaitForExit();
        Result(last, $"store{folder}").ShouldBe(expected);
    }

    private string Undisturbed(string[] command, out long milliseconds)
    {
        var clock = Stopwatch.StartNew();
        using var process = Start(command, "undisturbed");
        process.WaitForExit();
        milliseconds = clock.ElapsedMilliseconds;
        output.WriteLine($"undisturbed: {milliseconds} ms, {Stored("undisturbed")} results in the store");
        return Result(process, "undisturbed");
    }

    private Process Start(string[] command, string store)
        => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, typeof(SubbyteCommand).Assembly.GetName().Name + ".dll"), .. command, "--store", _folder[store], "--json", _folder[store + ".json"], "--quiet", "--threads", "1"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;

    private int Stored(string store) => Directory.Exists(_folder[store]) ? Directory.GetFiles(_folder[store], "*.json").Length : 0;

    /// <summary>The document without the machine and how long it took.</summary>
    private string Result(Process process, string store)
    {
        process.ExitCode.ShouldBe(0, process.StandardError.ReadToEnd());
        var document = JsonNode.Parse(File.ReadAllText(_folder[store + ".json"]))!;
        document.AsObject().Remove("machine");
        foreach (var result in document["results"]?.AsArray() ?? [])
        {
            result!.AsObject().Remove("seconds");
            result.AsObject().Remove("samplesPerSecond");
        }

        return document.ToJsonString();
    }
}
