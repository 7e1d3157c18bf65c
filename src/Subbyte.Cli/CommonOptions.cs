using System.CommandLine;
using System.Text;
using Subbyte.Kernels;

namespace Subbyte.Cli;

/// <summary>Options that every verb has.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string?> _json = new("--json") { Description = "write the result as JSON to FILE; '-' is standard output", HelpName = "FILE" };
    private readonly Option<string?> _csv = new("--csv") { Description = "write the table as comma-separated values to FILE; '-' is standard output", HelpName = "FILE" };
    private readonly Option<int> _threads = new("--threads") { Description = "worker threads", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" };
    private readonly Option<int> _seed = new("--seed") { Description = "seed of everything that is random", DefaultValueFactory = _ => 1, HelpName = "N" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "no progress and no remarks on standard error" };
    private readonly Option<string> _isa = new("--isa") { Description = "widest instruction set: scalar, vector128, avx2, avxvnni, avx512 or auto", DefaultValueFactory = _ => "auto", HelpName = "ISA" };

    /// <summary>Whether the verb's result is a table, which <c>--csv</c> writes.</summary>
    public bool HasTable { get; init; }

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public void AddTo(Command verb)
    {
        _isa.AcceptOnlyFromAmong("auto", "scalar", "vector128", "avx2", "avxvnni", "avx512");
        if (HasTable) verb.Options.Add(_csv);
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
        var (json, csv) = (parsed.GetValue(_json), HasTable ? parsed.GetValue(_csv) : null);
        if (json is not null && json == csv) throw new UserErrorException($"--json and --csv both write to {(json == "-" ? "standard output" : json)}; give one of them another file");
        foreach (var path in new[] { json, csv }.Where(path => path is not null and not "-")) OutputFolders.RequireWritable(Path.GetDirectoryName(Path.GetFullPath(path!))!);
        return new CommonValues(json, csv, threads, parsed.GetValue(_seed), parsed.GetValue(_quiet)) { SeedIsGiven = parsed.GetResult(_seed) is { Implicit: false }, ThreadsAreGiven = parsed.GetResult(_threads) is { Implicit: false } };
    }
}

/// <summary>Values of the options that every verb has.</summary>
/// <param name="Json">File for JSON, "-" for standard output, or null.</param>
/// <param name="Csv">File for comma-separated values, "-" for standard output, or null.</param>
/// <param name="Threads">Worker threads.</param>
/// <param name="Seed">Seed.</param>
/// <param name="Quiet">Whether progress and remarks are left out.</param>
internal sealed record CommonValues(string? Json, string? Csv, int Threads, int Seed, bool Quiet)
{
    /// <summary>Whether the command line names the seed.</summary>
    public bool SeedIsGiven { get; init; }

    /// <summary>Whether the command line says how many threads.</summary>
    public bool ThreadsAreGiven { get; init; }

    /// <summary>Whether the table goes to standard output; JSON or comma-separated values may have taken it.</summary>
    public bool PrintsTable => Json != "-" && Csv != "-";

    /// <summary>Writes the JSON where it was asked for.</summary>
    /// <param name="json">The document.</param>
    public void WriteJson(Func<string> json) => Write(Json, json);

    /// <summary>Writes the table as comma-separated values where it was asked for.</summary>
    /// <typeparam name="T">A row: its properties, numbers and texts, are the columns.</typeparam>
    /// <param name="rows">The rows.</param>
    public void WriteCsv<T>(IEnumerable<T> rows) => Write(Csv, () => CsvRows.Write(rows));

    /// <summary>A remark on standard error.</summary>
    /// <param name="text">One line.</param>
    public void Remark(string text)
    {
        if (!Quiet) Console.Error.WriteLine(text);
    }

    private static void Write(string? path, Func<string> text)
    {
        if (path == "-") Console.Out.Write(text());
        else if (path is not null) Files.WriteAtomically(path, stream => stream.Write(Encoding.UTF8.GetBytes(text())));
    }
}
