namespace Subbyte.Data.Images;

/// <summary>The images of a folder: those that its <c>labels.csv</c> lists, in that order, or else all, in ordinal order of their names. Or a single file.</summary>
internal sealed class ImageFolder
{
    private const string LabelsName = "labels.csv";

    private ImageFolder(IReadOnlyList<string> files, int[]? labels) => (Files, Labels) = (files, labels);

    /// <summary>Paths of the images, at least one.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>A class for each image, or <see langword="null"/>.</summary>
    public int[]? Labels { get; }

    /// <summary>One more than the largest class, or <see langword="null"/>.</summary>
    public int? ClassCount => Labels is null ? null : Labels.Max() + 1;

    /// <summary>Lists a folder; no image is opened.</summary>
    /// <param name="spec">What is opened, for errors.</param>
    /// <param name="folder">The folder, or one image.</param>
    /// <returns>Its images.</returns>
    /// <exception cref="UserErrorException">There are none, or the list does not fit the folder.</exception>
    public static ImageFolder Open(DataSpec spec, string folder)
    {
        if (File.Exists(folder) && ImageFile.HasImageEnding(folder)) return new ImageFolder([folder], labels: null);
        if (!Directory.Exists(folder)) throw spec.Error($"{folder} is not a folder; give a folder of JPEG or PNG files, or one such file");
        var list = Path.Combine(folder, LabelsName);
        if (File.Exists(list)) return FromList(list, folder);
        var files = DataFolder.Files(spec, folder, ImageFile.HasImageEnding);
        return files.Count > 0 ? new ImageFolder(files, labels: null) : throw spec.Error($"{folder} holds no .jpg, .jpeg or .png files and no {LabelsName}");
    }

    /// <summary>
    /// The list has the columns <c>file</c> and <c>class</c> (or <c>label</c>); rows whose <c>photo_included</c> is 0 are left out.
    /// </summary>
    private static ImageFolder FromList(string list, string folder)
    {
        var table = CsvTable.Read(list);
        var (name, label) = (table.Column("file"), table.ColumnOrNull("class") ?? table.Column("label"));
        var included = table.ColumnOrNull("photo_included");
        var (files, labels) = (new List<string>(), new List<int>());
        for (var row = 0; row < table.RowCount; row++)
        {
            if (included is { } flag && table[row, flag] == "0") continue;
            files.Add(Locate(table, row, folder, table[row, name]));
            labels.Add(table.Label(row, label, RawRecords.MostClasses));
        }

        return files.Count > 0 ? new ImageFolder(files, [.. labels]) : throw new UserErrorException($"{list}: lists no image");
    }

    private static string Locate(CsvTable table, int row, string folder, string name)
    {
        var root = Path.GetFullPath(folder);
        var path = name.Contains('\0', StringComparison.Ordinal) ? root : Path.GetFullPath(Path.Combine(root, name));
        if (!path.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw table.Error(row, $"'{name}' is not a file below {folder}");
        return File.Exists(path) ? path : throw table.Error(row, $"there is no file {path}");
    }
}
