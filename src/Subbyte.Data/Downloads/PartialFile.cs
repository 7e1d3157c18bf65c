using System.Security.Cryptography;

namespace Subbyte.Data.Downloads;

/// <summary>
/// What has arrived of a file, under the name <c>FILE.part</c>, and the tag of the version that it belongs to, <c>FILE.part.tag</c>. The final name
/// appears only when the content is right.
/// </summary>
internal sealed class PartialFile(string path)
{
    private const int LongestTag = 1024;

    /// <summary>The final name.</summary>
    public string Path { get; } = path;

    /// <summary>The name until then.</summary>
    public string PartPath => Path + ".part";

    /// <summary>Bytes that are there.</summary>
    public long Length => File.Exists(PartPath) ? new FileInfo(PartPath).Length : 0;

    /// <summary>The tag of the version that the bytes belong to, or <see langword="null"/>.</summary>
    public string? Tag
    {
        get => File.Exists(TagPath) && new FileInfo(TagPath).Length <= LongestTag ? File.ReadAllText(TagPath) : null;
        set
        {
            if (value is null) File.Delete(TagPath);
            else File.WriteAllText(TagPath, value);
        }
    }

    private string TagPath => PartPath + ".tag";

    /// <summary>Opens the part for writing at a place; what lies behind it is dropped. Nobody else can write it meanwhile.</summary>
    /// <param name="position">The place, 0 to <see cref="Length"/>.</param>
    /// <returns>The stream.</returns>
    /// <exception cref="UserErrorException">It cannot be written.</exception>
    public FileStream Open(long position)
    {
        try
        {
            var stream = new FileStream(PartPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            stream.SetLength(position);
            stream.Position = position;
            return stream;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{PartPath}: cannot be written: {exception.Message}; choose another folder, or wait for the other download", exception);
        }
    }

    /// <summary>Drops what has arrived.</summary>
    public void Delete()
    {
        File.Delete(PartPath);
        File.Delete(TagPath);
    }

    /// <summary>Gives the part its final name.</summary>
    public void Complete()
    {
        File.Move(PartPath, Path, overwrite: true);
        File.Delete(TagPath);
    }

    /// <summary>SHA-256 of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <returns>Lower-case hexadecimal.</returns>
    public static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation).ConfigureAwait(false));
    }
}
