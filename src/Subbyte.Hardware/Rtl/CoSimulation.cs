using System.Diagnostics;

namespace Subbyte.Hardware.Rtl;

/// <summary>A simulator of Verilog.</summary>
public enum RtlSimulator
{
    /// <summary>Icarus Verilog: interprets.</summary>
    Icarus,

    /// <summary>Verilator: compiles to C++.</summary>
    Verilator,
}

/// <summary>Runs a testbench's Makefile.</summary>
public static class CoSimulation
{
    /// <summary>Whether a simulator and what its Makefile target needs are installed.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <returns>True when they are.</returns>
    public static bool IsInstalled(RtlSimulator simulator)
        => ExternalTool.Finds("make") && (simulator == RtlSimulator.Icarus ? ExternalTool.Finds("iverilog") && ExternalTool.Finds("vvp") : ExternalTool.Finds("verilator") && ExternalTool.Finds("g++"));

    /// <summary>Builds and runs a testbench.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="simulator">The simulator.</param>
    /// <returns>The line that begins with PASS or FAIL.</returns>
    /// <exception cref="UserErrorException">The simulator is not installed, or says neither.</exception>
    public static string Run(string folder, RtlSimulator simulator)
    {
        if (!IsInstalled(simulator)) throw new UserErrorException($"{(simulator == RtlSimulator.Icarus ? "Icarus Verilog (iverilog)" : "Verilator (verilator and g++)")} or make is not installed");
        var (_, output) = ExternalTool.Run("make", ["--no-print-directory", simulator == RtlSimulator.Icarus ? "icarus" : "verilator"], folder);
        return output.Split('\n').FirstOrDefault(line => line.StartsWith("PASS", StringComparison.Ordinal) || line.StartsWith("FAIL", StringComparison.Ordinal))
            ?? throw new UserErrorException($"{folder}: the testbench says neither PASS nor FAIL: {output}");
    }
}

/// <summary>Programs beside this one.</summary>
internal static class ExternalTool
{
    /// <summary>Whether a program is on the path.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>True when it is.</returns>
    public static bool Finds(string name)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, name)));

    /// <summary>Runs a program to its end.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Arguments.</param>
    /// <param name="folder">Working folder.</param>
    /// <returns>Its exit code, and what it wrote on both streams.</returns>
    public static (int ExitCode, string Output) Run(string name, IReadOnlyList<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(name, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new UserErrorException($"{name} cannot be started");
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }
}
