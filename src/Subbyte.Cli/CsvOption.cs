using System.CommandLine;
using System.Globalization;
using CsvHelper;

namespace Subbyte.Cli;

/// <summary>The option <c>--csv</c> of verbs whose result is a table.</summary>
internal sealed class CsvOption
{
    private readonly Option<string?> _file = new("--csv") { Description = "write the table as CSV to FILE", HelpName = "FILE" };

    /// <summary>Adds the option to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public void AddTo(Command verb) => verb.Options.Add(_file);

    /// <summary>Refuses a file that cannot be written, before any work is done.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="UserErrorException">It cannot be written.</exception>
    public void Check(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is { } file) OutputFolders.RequireWritable(Path.GetDirectoryName(Path.GetFullPath(file))!);
    }

    /// <summary>Writes one line a record, when it was asked for.</summary>
    /// <typeparam name="T">A record of numbers and texts; its lists are left out.</typeparam>
    /// <param name="parsed">The command line.</param>
    /// <param name="records">The records.</param>
    public void Write<T>(ParseResult parsed, IEnumerable<T> records)
    {
        if (parsed.GetValue(_file) is not { } file) return;
        Files.WriteAtomically(file, stream =>
        {
            using var writer = new CsvWriter(new StreamWriter(stream, leaveOpen: true), CultureInfo.InvariantCulture);
            writer.WriteRecords(records);
        });
    }
}
