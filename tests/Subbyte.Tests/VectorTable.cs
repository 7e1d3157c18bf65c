using System.Globalization;

namespace Subbyte.Tests;

/// <summary>
/// Test vectors of a specification: a text table beside its test. '#' begins a comment; the first line names the columns, which '|' separates; a
/// cell may hold several numbers between blanks. ∞ is written as it is.
/// </summary>
internal static class VectorTable
{
    /// <summary>The rows of a table.</summary>
    /// <param name="path">Path below the test project, "Calibration/percentile.vectors.txt".</param>
    public static IReadOnlyList<VectorRow> Read(string path)
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, path))
            .Select(line => line.Split('#')[0].Trim())
            .Where(line => line.Length > 0)
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToArray();
        return [.. lines.Skip(1).Select(cells => new VectorRow(lines[0].Zip(cells).ToDictionary(cell => cell.First, cell => cell.Second)))];
    }
}

/// <summary>One row of a table of vectors.</summary>
internal sealed class VectorRow(Dictionary<string, string> cells)
{
    public IEnumerable<string> Columns => cells.Keys;

    public string this[string column] => cells[column];

    public double Number(string column) => Parse(cells[column]);

    public float Float(string column) => float.Parse(cells[column], CultureInfo.InvariantCulture);

    public int Integer(string column) => int.Parse(cells[column], CultureInfo.InvariantCulture);

    public double[] Numbers(string column) => [.. Cells(column).Select(Parse)];

    public float[] Floats(string column) => [.. Cells(column).Select(cell => float.Parse(cell, CultureInfo.InvariantCulture))];

    public int[] Integers(string column) => [.. Cells(column).Select(cell => int.Parse(cell, CultureInfo.InvariantCulture))];

    public override string ToString() => string.Join(", ", cells.Select(cell => $"{cell.Key} {cell.Value}"));

    private string[] Cells(string column) => cells[column].Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static double Parse(string text) => text == "∞" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
}
