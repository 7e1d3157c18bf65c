namespace Subbyte.Data;

/// <summary>Finds the files of a split in a folder.</summary>
internal static class DataFolder
{
    /// <summary>The files of a folder whose names fit, in ordinal order.</summary>
    /// <param name="spec">What is opened, for the error.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="fits">Whether a file name (without the folder) fits.</param>
    /// <returns>Paths.</returns>
    /// <exception cref="UserErrorException">The folder cannot be listed.</exception>
    public static IReadOnlyList<string> Files(DataSpec spec, string folder, Func<string, bool> fits)
    {
        try
        {
            var files = Directory.EnumerateFiles(folder).Where(file => fits(Path.GetFileName(file))).ToArray();
            Array.Sort(files, StringComparer.Ordinal);
            return files;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw spec.Error($"{folder} cannot be listed: {exception.Message}");
        }
    }

    /// <summary>The error that several files fit where one is meant.</summary>
    /// <param name="spec">What is opened.</param>
    /// <param name="files">The files.</param>
    /// <returns>The error, to be thrown.</returns>
    public static UserErrorException Ambiguous(DataSpec spec, IReadOnlyList<string> files) =>
        spec.Error($"several files fit: {string.Join(", ", files.Take(8).Select(Path.GetFileName))}{(files.Count > 8 ? ", …" : "")}; name one of them instead of the folder");

    /// <summary>A file name without the ending of gzip.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The name of the unpacked file.</returns>
    public static string WithoutGz(string name) => name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
}
