using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Subbyte.Data.Sets;

/// <summary>The labels of raw samples: one byte each, or a column of a CSV file with a header line.</summary>
internal static class LabelFile
{
    /// <summary>Reads labels.</summary>
    /// <param name="path">The file; CSV when its name ends with <c>.csv</c>, gzip or not.</param>
    /// <param name="column">The column of the CSV file.</param>
    /// <param name="count">How many there must be.</param>
    /// <param name="classes">Number of classes, if it is known.</param>
    /// <returns>The labels.</returns>
    /// <exception cref="UserErrorException">The file cannot be read, or its labels are not those of as many samples and classes.</exception>
    public static int[] Read(string path, string? column, int count, int? classes)
    {
        var bytes = DataFile.ReadAll(path);
        var isCsv = DataFolder.WithoutGz(path).EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        if (isCsv && column is null) throw new UserErrorException($"{path}: the descriptor must name the 'column' of the labels");
        var labels = isCsv ? FromCsv(path, bytes, column!) : Array.ConvertAll(bytes, label => (int)label);
        if (labels.Length != count) throw new UserErrorException($"{path}: {labels.Length} labels for {count} samples; the files do not belong together");
        var end = classes ?? RawRecords.MostClasses;
        for (var i = 0; i < count; i++)
            if (labels[i] >= end) throw new UserErrorException($"{path}: label {i} is {labels[i]}; labels are 0 to {end - 1}");
        return labels;
    }

    private static int[] FromCsv(string path, byte[] bytes, string column)
    {
        try
        {
            using var csv = new CsvReader(new StreamReader(new MemoryStream(bytes)), new CsvConfiguration(CultureInfo.InvariantCulture) { DetectColumnCountChanges = true });
            if (!csv.Read() || !csv.ReadHeader() || Array.IndexOf(csv.HeaderRecord!, column) is not (>= 0 and var place))
                throw new UserErrorException($"{path}: its header line has no column '{column}'");
            var labels = new List<int>();
            while (csv.Read())
            {
                if (!int.TryParse(csv.GetField(place), NumberStyles.None, CultureInfo.InvariantCulture, out var label))
                    throw new UserErrorException($"{path}:{csv.Parser.RawRow}: '{csv.GetField(place)}' in column '{column}' is not a label (a whole number from 0 on)");
                labels.Add(label);
            }

            return [.. labels];
        }
        catch (CsvHelperException exception)
        {
            throw new UserErrorException($"{path}:{exception.Context?.Parser?.RawRow}: not CSV: {exception.Message.TrimStart().Split('\n')[0]}", exception);
        }
    }
}
