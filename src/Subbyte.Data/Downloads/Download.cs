using System.Formats.Tar;
using System.IO.Compression;

namespace Subbyte.Data.Downloads;

/// <summary>Brings a data set into a folder.</summary>
public static class Download
{
    /// <summary>No member of a data set's archive is larger.</summary>
    private const long LargestMember = 1L << 30;

    /// <summary>Fetches what is missing of a data set.</summary>
    /// <param name="set">The data set.</param>
    /// <param name="folder">Where it goes; made when it is absent.</param>
    /// <param name="downloader">Fetches the files.</param>
    /// <param name="progress">Told how many bytes of the set are there and how many it has, or <see langword="null"/>.</param>
    /// <param name="cancellation">Stops the download; what has arrived is kept.</param>
    /// <returns>The names of the files that are now there and were not before.</returns>
    /// <exception cref="UserErrorException">A file cannot be had or written, or is not what it should be.</exception>
    /// <exception cref="OperationCanceledException">The download was stopped.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(DownloadableSet set, string folder, Downloader downloader, Action<long, long>? progress = null, CancellationToken cancellation = default)
    {
        Make(folder);
        var total = set.Files.Sum(file => (long)file.Length);
        if (set.Members.Count > 0 && set.Members.All(member => File.Exists(Path.Combine(folder, member)))) return [];
        var (done, fetched) = (0L, new List<string>());
        foreach (var file in set.Files)
        {
            var before = done;
            if (await downloader.FetchAsync(set.Home, file, folder, bytes => progress?.Invoke(before + bytes, total), cancellation).ConfigureAwait(false)) fetched.Add(file.Name);
            done += file.Length;
        }

        return set.Members.Count == 0 ? fetched : Unpack(set, folder, cancellation);
    }

    private static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UserErrorException($"{folder}: cannot be made: {failure.Message}; choose another folder with --out", failure);
        }
    }

    /// <summary>Takes the members out of the archive by their plain names, whatever folders it speaks of, and then drops it.</summary>
    private static List<string> Unpack(DownloadableSet set, string folder, CancellationToken cancellation)
    {
        var archive = Path.Combine(folder, set.Files[0].Name);
        var missing = set.Members.ToHashSet(StringComparer.Ordinal);
        try
        {
            using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
            while (tar.GetNextEntry() is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                if (entry.DataStream is not { } content || !missing.Remove(Path.GetFileName(entry.Name))) continue;
                if (entry.Length > LargestMember) throw new UserErrorException($"{archive}: its member {entry.Name} has {entry.Length} bytes, more than is trusted");
                Files.WriteAtomically(Path.Combine(folder, Path.GetFileName(entry.Name)), content.CopyTo);
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new UserErrorException($"{archive}: cannot be unpacked: {failure.Message}", failure);
        }

        if (missing.Count > 0) throw new UserErrorException($"{archive}: has no member {string.Join(", ", missing)}");
        File.Delete(archive);
        return [.. set.Members];
    }
}
