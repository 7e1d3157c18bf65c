using System.IO.Compression;
using Subbyte.Tensors;

namespace Subbyte.Data.Npz;

/// <summary>A NumPy archive: a zip of <c>.npy</c> arrays.</summary>
public sealed class NpzArchive
{
    private const string End = ".npy";
    private const int MostArrays = 4096;

    private readonly string _path;
    private readonly ZipArchive _archive;
    private readonly long _length;

    private NpzArchive(string path, ZipArchive archive, long length) => (_path, _archive, _length) = (path, archive, length);

    /// <summary>Names of the first arrays, for messages.</summary>
    internal string Contents
    {
        get
        {
            var names = _archive.Entries.Take(8).Select(entry => entry.FullName).ToArray();
            return names.Length == 0 ? "nothing" : string.Join(", ", names) + (_archive.Entries.Count > names.Length ? ", …" : "");
        }
    }

    /// <summary>Reads all arrays of an archive.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Arrays by name.</returns>
    /// <exception cref="UserErrorException">The file cannot be read, or an array is of a kind that is not supported.</exception>
    public static IReadOnlyDictionary<string, Tensor> ReadAll(string path) => Open(path, archive =>
    {
        var names = archive._archive.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(End, StringComparison.Ordinal)).Select(name => name[..^End.Length]).Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length > MostArrays) throw new UserErrorException($"{path}: holds {names.Length} arrays, more than the {MostArrays} that an archive may have");
        return names.ToDictionary(name => name, name => archive.Read(name)!.ToTensor(), StringComparer.Ordinal);
    });

    /// <summary>Opens an archive while something is read from it.</summary>
    /// <typeparam name="T">What is made of it.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="UserErrorException">The file cannot be read.</exception>
    internal static T Open<T>(string path, Func<NpzArchive, T> read)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            return read(new NpzArchive(path, archive, file.Length));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"{path}: there is no such file", exception);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UserErrorException($"{path}: cannot be read as a NumPy archive: {exception.Message}", exception);
        }
    }

    /// <summary>Reads an array.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The array, or null when there is none.</returns>
    internal NpyArray? Read(string name)
    {
        if (_archive.GetEntry(name + End) is not { } entry) return null;
        using var member = new DataFile($"{_path}({name}{End})", entry.Open(), entry.CompressedLength, _length);
        return NpyArray.Read(member);
    }
}
