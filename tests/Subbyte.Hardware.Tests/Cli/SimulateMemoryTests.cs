using System.Diagnostics;
using Subbyte.Tests;

namespace Subbyte.Hardware.Tests.Cli;

/// <summary>The largest network of the bundle, MobileNetV2 with 224 × 224 photos, in a process of its own.</summary>
[Trait("Speed", "Slow")]
public sealed class SimulateMemoryTests
{
    private const long MostBytes = 2L << 30;

    [SkippableTheory]
    [InlineData("nb-smt:threads=2")]
    [InlineData("tr:group=8,budget=16")]
    public void The_largest_network_stays_below_two_gibibytes(string method)
    {
        SharedData.Require("models/imagenet-mobilenetv2-1.0-224-dq8.onnx");
        var program = Path.Combine(AppContext.BaseDirectory, "Subbyte.Cli.dll");
        var start = new ProcessStartInfo("dotnet", [program, "simulate", "--workload", "imagenet-sample-mobilenetv2", "--method", method, "--limit", "2", "-q", "--json", "-"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SUBBYTE_DATA"] = SharedData.Root;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        long peak = 0;
        while (!process.WaitForExit(20))
        {
            process.Refresh();
            if (!process.HasExited) peak = Math.Max(peak, process.PeakWorkingSet64);
        }

        process.ExitCode.ShouldBe(0, error.GetAwaiter().GetResult());
        output.GetAwaiter().GetResult().ShouldContain("subbyte.simulate/1");
        peak.ShouldBeInRange(1L << 20, MostBytes);
    }
}
