using System.Diagnostics;
using Subbyte.Cli;
using Subbyte.Tests.Data;

namespace Subbyte.Tests.Cli;

/// <summary>A training in a process of its own that is killed again and again ends with the file that an undisturbed one writes.</summary>
public sealed class KilledTrainingTests : IDisposable
{
    private const string Recipe = """
        network: lenet5
        batch-norm: true
        dropout: 0.1
        train: glyphs:train=1200#train
        test: glyphs:test=200#test
        preprocess: order=as-is,scale=0.003921569,mean=0.25,std=0.22
        method: sttn
        crop: 1
        optimizer: adam
        rate: 0.005
        clip: 1
        epochs: 6
        batch: 32
        seed: 5
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task TenKillsChangeNothing()
    {
        var undisturbed = await Train("undisturbed", killAfter: null);
        var random = new Random(7);
        var kills = 0;
        for (var attempt = 0; kills < 10 && attempt < 40; attempt++)
        {
            if (await Train("killed", TimeSpan.FromMilliseconds(random.Next(250, 1300))) is { } early)
            {
                early.ShouldBe(undisturbed);
                File.Delete(Path.Combine(_folder.Path, "killed", "checkpoint.bin"));
            }
            else
            {
                kills++;
            }
        }

        kills.ShouldBe(10);
        (await Train("killed", killAfter: null)).ShouldBe(undisturbed);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task ThreadsAndInstructionSetsChangeNothing()
    {
        var undisturbed = await Train("undisturbed", killAfter: null);
        foreach (var (options, switchedOff) in new[] { ("--threads 1", ""), ("--threads 3 --isa avx2", ""), ("--isa vector128", ""), ("", "DOTNET_EnableAVX512"), ("", "DOTNET_EnableAVX2") })
            (await Train($"other{options}{switchedOff}", null, options, switchedOff)).ShouldBe(undisturbed, options + switchedOff);
    }

    /// <summary>Trains in a new process.</summary>
    /// <returns>The network's file in hexadecimal, or null when the process was killed before its end.</returns>
    private async Task<string?> Train(string name, TimeSpan? killAfter, string options = "", string switchedOff = "")
    {
        var folder = Path.Combine(_folder.Path, name);
        string[] args = [typeof(SubbyteCommand).Assembly.Location, "train", _folder.Write("recipe.yaml", Recipe), "--out", folder, "--quiet", "--checkpoint-seconds", "0.05", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var start = new ProcessStartInfo("dotnet", args) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (switchedOff.Length > 0) start.Environment[switchedOff] = "0";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (killAfter is { } delay)
        {
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(delay));
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
                return null;
            }
        }

        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await error + await output);
        return Convert.ToHexString(await File.ReadAllBytesAsync(Path.Combine(folder, "last.onnx")));
    }
}
