namespace Subbyte;

/// <summary>Files that appear whole or not at all.</summary>
public static class Files
{
    /// <summary>Writes a file under a temporary name beside its own and renames it when it is complete.</summary>
    /// <param name="path">Path of the file; its folder is made when it is absent.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="UserErrorException">The file cannot be written; nothing is left under <paramref name="path"/>.</exception>
    public static void WriteAtomically(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            using (var stream = File.Create(temporary)) write(stream);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            TryDelete(temporary);
            throw new UserErrorException($"{path}: cannot be written: {failure.Message}; choose another folder", failure);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The temporary file could not be made, or its folder is gone; the error that is reported says so.
        }
    }
}
