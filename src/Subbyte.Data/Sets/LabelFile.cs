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
        var isCsv = DataFolder.WithoutGz(path).EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        if (isCsv && column is null) throw new UserErrorException($"{path}: the descriptor must name the 'column' of the labels");
        var end = classes ?? RawRecords.MostClasses;
        var labels = isCsv ? FromCsv(path, column!, end) : Array.ConvertAll(DataFile.ReadAll(path), label => (int)label);
        if (labels.Length != count) throw new UserErrorException($"{path}: {labels.Length} labels for {count} samples; the files do not belong together");
        for (var i = 0; i < count; i++)
            if (labels[i] >= end) throw new UserErrorException($"{path}: label {i} is {labels[i]}; labels are 0 to {end - 1}");
        return labels;
    }

    private static int[] FromCsv(string path, string column, int classes)
    {
        var table = CsvTable.Read(path);
        var place = table.Column(column);
        return [.. Enumerable.Range(0, table.RowCount).Select(row => table.Label(row, place, classes))];
    }
}
