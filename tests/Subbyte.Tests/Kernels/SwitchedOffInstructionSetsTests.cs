using System.Diagnostics;
using System.Text.RegularExpressions;
using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

/// <summary>The tests of the kernels again, on machines that lack instruction sets: processes of their own in which the runtime has them switched off.</summary>
public sealed partial class SwitchedOffInstructionSetsTests
{
    private const string Widest = "SUBBYTE_TEST_WIDEST";

    [SkippableFact]
    public void TheRuntimeUsesNoInstructionSetThatIsSwitchedOff()
    {
        var widest = Environment.GetEnvironmentVariable(Widest);
        Skip.If(widest is null, "no instruction set is switched off in this process");
        (Cpu.Best <= Enum.Parse<InstructionSet>(widest)).ShouldBeTrue($"{Cpu.Best} in spite of the setting");
    }

    [SkippableTheory]
    [Trait("Speed", "Slow")]
    [InlineData("DOTNET_EnableAVX512", InstructionSet.AvxVnni)]
    [InlineData("DOTNET_EnableAVX2", InstructionSet.Vector128)]
    [InlineData("DOTNET_EnableHWIntrinsic", InstructionSet.Scalar)]
    public async Task KernelsPassTheirTestsWithout(string setting, InstructionSet widest)
    {
        Skip.If(Cpu.Best <= widest, $"this machine is no wider than {widest}");
        // This theory is left out, or every process would start others.
        const string filter = $"FullyQualifiedName~{nameof(Subbyte)}.{nameof(Tests)}.{nameof(Kernels)}&FullyQualifiedName!~{nameof(KernelsPassTheirTestsWithout)}";
        var start = new ProcessStartInfo("dotnet", ["test", typeof(SwitchedOffInstructionSetsTests).Assembly.Location, "--filter", filter])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { [setting] = "0", [Widest] = widest.ToString(), ["DOTNET_CLI_UI_LANGUAGE"] = "en" },
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, output);
        int.Parse(Passed().Match(output).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(100, output);
        output.ShouldNotContain(nameof(TheRuntimeUsesNoInstructionSetThatIsSwitchedOff), customMessage: "a skipped test is named");
    }

    [GeneratedRegex(@"Passed:\s*(\d+)", RegexOptions.None, 1000)]
    private static partial Regex Passed();
}
