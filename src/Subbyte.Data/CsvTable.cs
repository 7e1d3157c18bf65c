using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Subbyte.Data;

/// <summary>A CSV file with a header line, gzip or not.</summary>
internal sealed class CsvTable
{
    private readonly string _path;
    private readonly string[] _header;
    private readonly List<(int Line, string[] Cells)> _rows;

    private CsvTable(string path, string[] header, List<(int Line, string[] Cells)> rows) => (_path, _header, _rows) = (path, header, rows);

    /// <summary>Number of rows below the header.</summary>
    public int RowCount => _rows.Count;

    /// <summary>A cell.</summary>
    /// <param name="row">The row below the header, from 0.</param>
    /// <param name="column">The column, from 0.</param>
    public string this[int row, int column] => _rows[row].Cells[column];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its rows.</returns>
    /// <exception cref="UserErrorException">It cannot be read, or its rows differ in length.</exception>
    public static CsvTable Read(string path)
    {
        var bytes = DataFile.ReadAll(path);
        try
        {
            using var csv = new CsvReader(new StreamReader(new MemoryStream(bytes)), new CsvConfiguration(CultureInfo.InvariantCulture) { DetectColumnCountChanges = true });
            if (!csv.Read() || !csv.ReadHeader()) throw new UserErrorException($"{path}: has no header line");
            var rows = new List<(int, string[])>();
            while (csv.Read()) rows.Add((csv.Parser.RawRow, csv.Parser.Record!));
            return new CsvTable(path, csv.HeaderRecord!, rows);
        }
        catch (CsvHelperException exception)
        {
            throw new UserErrorException($"{path}:{exception.Context?.Parser?.RawRow}: not CSV: {exception.Message.TrimStart().Split('\n')[0]}", exception);
        }
    }

    /// <summary>Finds a column.</summary>
    /// <param name="name">Its name in the header.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="UserErrorException">There is none.</exception>
    public int Column(string name) => ColumnOrNull(name) ?? throw new UserErrorException($"{_path}: its header line has no column '{name}'");

    /// <summary>Finds a column that may be absent.</summary>
    /// <param name="name">Its name in the header.</param>
    /// <returns>Its number, or <see langword="null"/>.</returns>
    public int? ColumnOrNull(string name) => Array.IndexOf(_header, name) is >= 0 and var column ? column : null;

    /// <summary>A cell that holds a class.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">The column.</param>
    /// <param name="classes">How many classes there may be.</param>
    /// <returns>0 to <paramref name="classes"/> − 1.</returns>
    /// <exception cref="UserErrorException">The cell holds something else.</exception>
    public int Label(int row, int column, int classes) =>
        int.TryParse(this[row, column], NumberStyles.None, CultureInfo.InvariantCulture, out var label) && label < classes
            ? label
            : throw Error(row, $"'{this[row, column]}' in column '{_header[column]}' is not a label (a whole number from 0 to {classes - 1})");

    /// <summary>An error of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="why">What is wrong with it.</param>
    /// <returns>The error, to be thrown.</returns>
    public UserErrorException Error(int row, string why) => new($"{_path}:{_rows[row].Line}: {why}");
}
