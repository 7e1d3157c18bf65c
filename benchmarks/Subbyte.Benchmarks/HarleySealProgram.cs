using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Subbyte.Kernels;

namespace Subbyte.Benchmarks;

/// <summary>A binary dot product in C, compiled where a C compiler is present, as a rival of the XNOR products. Its files are deleted with it.</summary>
internal sealed class HarleySealProgram : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("harley-seal");

    private HarleySealProgram()
    {
    }

    private string Program => Path.Combine(_folder.FullName, "harley_seal");

    /// <summary>Compiles the program for the instruction set in force.</summary>
    /// <returns>The program, or null where nothing compiles it.</returns>
    public static HarleySealProgram? Compile()
    {
        if (!Cpu.HasAvx2) return null;
        var program = new HarleySealProgram();
        string[] sets = Cpu.HasAvx512 ? ["-mavx512f", "-mavx512bw"] : ["-mavx2"];
        if (Run("cc", ["-O3", .. sets, Path.Combine(AppContext.BaseDirectory, "harley_seal.c"), "-o", program.Program]) is not null) return program;
        program.Dispose();
        return null;
    }

    /// <summary>Runs it.</summary>
    /// <returns>Binary multiply-accumulates a second of its best moment; 0 where it fails.</returns>
    public double Measure() => Run(Program, []) is { } output && double.TryParse(output.Split(' ')[0], CultureInfo.InvariantCulture, out var rate) ? rate : 0;

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private static string? Run(string name, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(name, arguments) { UseShellExecute = false, RedirectStandardOutput = true });
            var output = process?.StandardOutput.ReadToEnd();
            process?.WaitForExit();
            return process?.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
