namespace Subbyte.Hardware;

/// <summary>Small text files that a person writes.</summary>
internal static class TextFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="longest">Most bytes.</param>
    /// <param name="wayOut">What is added to the message when there is no such file.</param>
    /// <returns>Its text.</returns>
    /// <exception cref="UserErrorException">It cannot be read or is too long.</exception>
    public static string Read(string path, long longest, string wayOut = "")
    {
        try
        {
            if (new FileInfo(path) is { Exists: true } file && file.Length > longest) throw new UserErrorException($"{path}: has {file.Length} bytes; at most {longest} are read");
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            var why = failure is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" + wayOut : failure.Message;
            throw new UserErrorException($"{path}: {why}", failure);
        }
    }
}
