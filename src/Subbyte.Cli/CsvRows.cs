using System.Globalization;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;

namespace Subbyte.Cli;

/// <summary>
/// A verb's table as comma-separated values: one header line, numbers as every machine reads them, columns named as in JSON with units in
/// their names. Text that a spreadsheet would take for a formula begins with an apostrophe.
/// </summary>
internal static class CsvRows
{
    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture) { NewLine = "\n", InjectionOptions = InjectionOptions.Escape };

    /// <summary>Writes rows.</summary>
    /// <typeparam name="T">A row: its properties, numbers and texts, are the columns.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <returns>The header line and a line a row.</returns>
    public static string Write<T>(IEnumerable<T> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new Writer(text))
        {
            foreach (var column in csv.Context.AutoMap<T>().MemberMaps) column.Name(JsonNamingPolicy.CamelCase.ConvertName(column.Data.Member!.Name));
            csv.WriteRecords(rows);
        }

        return text.ToString();
    }

    private sealed class Writer(TextWriter text) : CsvWriter(text, Format)
    {
        // A negative number begins like a formula and is none.
        protected override string? SanitizeForInjection(string? field)
            => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? field : base.SanitizeForInjection(field);
    }
}
