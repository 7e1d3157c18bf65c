using System.Diagnostics;
using System.Globalization;
using Subbyte.Runtime.Tests.Packing;

namespace Subbyte.Runtime.Tests;

/// <summary>A program that runs a packed network is compiled ahead of time, where the compiler's packages can be had, and answers the same.</summary>
public sealed class AheadOfTimeTests : IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
            <PublishAot>true</PublishAot>
            <InvariantGlobalization>true</InvariantGlobalization>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="FOLDER/Subbyte.Runtime.dll" />
            <Reference Include="FOLDER/Subbyte.Kernels.dll" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        using var session = Subbyte.Runtime.SubbyteSession.Load(args[0]);
        var output = new float[session.OutputLength];
        session.Run(new float[session.InputLength], output);
        foreach (var value in output) System.Console.WriteLine(System.BitConverter.SingleToInt32Bits(value));
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("subbyte-aot").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    [Trait("Speed", "Slow")]
    public async Task A_program_compiled_ahead_of_time_answers_the_same()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        await File.WriteAllTextAsync(Path.Combine(_folder, "Program.csproj"), Project.Replace("FOLDER", AppContext.BaseDirectory.TrimEnd('/'), StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(_folder, "Program.cs"), Program);
        var network = Path.Combine(_folder, "network.subbyte");
        var file = SampleNetworks.Files(1).Single();
        await File.WriteAllBytesAsync(network, file);
        var (restored, restoring) = await Run("dotnet", "restore");
        Skip.If(restored != 0 && restoring.Contains("NU1101", StringComparison.Ordinal), "the packages of the ahead-of-time compiler cannot be had here");
        var (published, log) = await Run("dotnet", "publish", "--no-restore", "-c", "Release", "-o", "out");
        Skip.If(log.Contains("Platform linker", StringComparison.Ordinal), "there is no linker here");
        published.ShouldBe(0, log);
        var (code, output) = await Run(Path.Combine(_folder, "out", "Program"), network);
        code.ShouldBe(0, output);

        using var session = new SubbyteSession(PackedNetwork.Read(file));
        var expected = new float[session.OutputLength];
        session.Run(new float[session.InputLength], expected);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => BitConverter.Int32BitsToSingle(int.Parse(line, CultureInfo.InvariantCulture))).ShouldBe(expected);
    }

    private async Task<(int Code, string Output)> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
