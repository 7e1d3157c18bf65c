namespace Subbyte.Experiments;

/// <summary>Small text files that a user names.</summary>
internal static class TextFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Path.</param>
    /// <returns>Its text.</returns>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: {failure.Message}", failure);
        }
    }
}
