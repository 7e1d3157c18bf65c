namespace Subbyte.Data.Downloads;

/// <summary>
/// A data set that can be had from its public home. Described by a small YAML file: <c>description</c>, <c>home</c> (where the files lie), <c>use</c>
/// (the kind of data that reads them), <c>files</c> with their <c>bytes</c> and <c>sha256</c>, and <c>members</c> where the one file is a packed archive.
/// </summary>
public sealed record DownloadableSet
{
    private const string Folder = "downloads/";

    private DownloadableSet(string name) => Name = name;

    /// <summary>The names of the sets that the library knows, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = BuiltInFiles.Names(Folder);

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>One line for people.</summary>
    public required string Description { get; init; }

    /// <summary>The address that the files' names are put after; ends with a slash.</summary>
    public required Uri Home { get; init; }

    /// <summary>The kind of data that reads the folder.</summary>
    public required string Kind { get; init; }

    /// <summary>The files to fetch.</summary>
    public required IReadOnlyList<RemoteFile> Files { get; init; }

    /// <summary>What is taken out of the archive (.tar.gz) that is the only file; none where the files are used as they are.</summary>
    public required IReadOnlyList<string> Members { get; init; }

    /// <summary>Finds a set.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The set.</returns>
    /// <exception cref="UserErrorException">There is none of that name.</exception>
    public static DownloadableSet Find(string name) => BuiltInFiles.Find(Folder, name) is { } yaml
        ? From(yaml, name)
        : throw new UserErrorException($"there is no data set '{name}' to download; there are {string.Join(", ", Names)}");

    /// <summary>Reads a description.</summary>
    /// <param name="yaml">The description.</param>
    /// <param name="name">The set's name.</param>
    /// <returns>The set.</returns>
    /// <exception cref="UserErrorException">Something is missing or malformed.</exception>
    internal static DownloadableSet From(YamlMapping yaml, string name)
    {
        yaml.ExpectOnly("description", "home", "use", "files", "bytes", "sha256", "members");
        var (names, lengths, sums, members) = (yaml.Texts("files"), yaml.PositiveIntegers("bytes"), yaml.Texts("sha256"), yaml.Texts("members"));
        if (names.Count == 0 || lengths.Count != names.Count || sums.Count != names.Count) throw yaml.Error("files", "needs as many 'bytes' and 'sha256'");
        if (members.Count > 0 && names.Count != 1) throw yaml.Error("members", "needs exactly one of 'files'");
        foreach (var file in names.Concat(members))
            if (file != Path.GetFileName(file) || file is "" or "." or "..") throw yaml.Error("files", $"and 'members' hold '{file}', which is not a plain file name");
        foreach (var sum in sums)
            if (sum.Length != 64 || !sum.All(char.IsAsciiHexDigitLower)) throw yaml.Error("sha256", $"holds '{sum}', it must hold 64 hexadecimal digits in lower case");
        return new DownloadableSet(name)
        {
            Description = yaml.Text("description"),
            Home = ParseHome(yaml.Text("home")),
            Kind = yaml.Text("use"),
            Files = [.. names.Select((file, i) => new RemoteFile(file, lengths[i], sums[i]))],
            Members = members,
        };
    }

    /// <summary>The same set from another place.</summary>
    /// <param name="address">An http or https address of a folder with the same files.</param>
    /// <returns>The set.</returns>
    /// <exception cref="UserErrorException">It is no such address.</exception>
    public DownloadableSet At(string address) => this with { Home = ParseHome(address) };

    private static Uri ParseHome(string address) =>
        Uri.TryCreate(address.EndsWith('/') ? address : address + "/", UriKind.Absolute, out var home) && (home.Scheme is "http" or "https")
            ? home
            : throw new UserErrorException($"'{address}' is not an http or https address of a folder");
}

/// <summary>A file to fetch.</summary>
/// <param name="Name">Its name at home and here.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">SHA-256 of its content, in lower-case hexadecimal.</param>
public sealed record RemoteFile(string Name, int Length, string Sha256);
