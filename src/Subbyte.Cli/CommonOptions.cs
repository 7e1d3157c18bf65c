using System.CommandLine;
using Subbyte.Kernels;

namespace Subbyte.Cli;

/// <summary>Options that every verb has.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string?> _json = new("--json") { Description = "write the result as JSON to FILE; '-' is standard output", HelpName = "FILE" };
    private readonly Option<int> _threads = new("--threads") { Description = "worker threads", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" };
    private readonly Option<int> _seed = new("--seed") { Description = "seed of everything that is random", DefaultValueFactory = _ => 1, HelpName = "N" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "no progress and no remarks on standard error" };
    private readonly Option<string> _isa = new("--isa") { Description = "widest instruction set: scalar, vector128, avx2, avxvnni, avx512 or auto", DefaultValueFactory = _ => "auto", HelpName = "ISA" };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public void AddTo(Command verb)
    {
        _isa.AcceptOnlyFromAmong("auto", "scalar", "vector128", "avx2", "avxvnni", "avx512");
        foreach (var option in new Option[] { _json, _threads, _seed, _quiet, _isa }) verb.Options.Add(option);
    }

    /// <summary>Reads the options and puts the instruction set into force.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>The values.</returns>
    /// <exception cref="UserErrorException">A value is out of range.</exception>
    public CommonValues Read(ParseResult parsed)
    {
        var threads = parsed.GetValue(_threads);
        if (threads is < 1 or > 1024) throw new UserErrorException($"--threads must lie in 1..1024, not {threads}");
        var isa = parsed.GetValue(_isa);
        Cpu.Limit(isa == "auto" ? InstructionSet.Avx512 : Enum.Parse<InstructionSet>(isa!, ignoreCase: true));
        var json = parsed.GetValue(_json);
        if (json is not null and not "-") OutputFolders.RequireWritable(Path.GetDirectoryName(Path.GetFullPath(json))!);
        return new CommonValues(json, threads, parsed.GetValue(_seed), parsed.GetValue(_quiet));
    }
}

/// <summary>Values of the options that every verb has.</summary>
/// <param name="Json">File for JSON, "-" for standard output, or null.</param>
/// <param name="Threads">Worker threads.</param>
/// <param name="Seed">Seed.</param>
/// <param name="Quiet">Whether progress and remarks are left out.</param>
internal sealed record CommonValues(string? Json, int Threads, int Seed, bool Quiet)
{
    /// <summary>Whether the table goes to standard output; JSON may have taken it.</summary>
    public bool PrintsTable => Json != "-";

    /// <summary>Writes the JSON where it was asked for.</summary>
    /// <param name="json">The document.</param>
    public void WriteJson(Func<string> json)
    {
        if (Json == "-") Console.Out.Write(json());
        else if (Json is not null) Files.WriteAtomically(Json, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(json())));
    }

    /// <summary>A remark on standard error.</summary>
    /// <param name="text">One line.</param>
    public void Remark(string text)
    {
        if (!Quiet) Console.Error.WriteLine(text);
    }
}
