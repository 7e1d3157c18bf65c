namespace Subbyte.Data;

/// <summary>The workloads and descriptors that the library carries with it, so that an installed tool has them.</summary>
internal static class BuiltInFiles
{
    private const string Prefix = "workloads/";
    private const string Suffix = ".yaml";

    /// <summary>The names of the files directly in a folder, in ordinal order.</summary>
    /// <param name="folder">Empty for workloads, <c>sets/</c> for descriptors.</param>
    /// <returns>Names without folder and ending.</returns>
    public static IReadOnlyList<string> Names(string folder) =>
        [.. typeof(BuiltInFiles).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix + folder, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[(Prefix.Length + folder.Length)..^Suffix.Length])
            .Where(name => !name.Contains('/', StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    /// <summary>Reads a file.</summary>
    /// <param name="folder">Empty for workloads, <c>sets/</c> for descriptors.</param>
    /// <param name="name">Its name without ending.</param>
    /// <returns>The mapping, or <see langword="null"/> when there is no such file.</returns>
    public static YamlMapping? Find(string folder, string name)
    {
        var resource = Prefix + folder + name + Suffix;
        using var stream = typeof(BuiltInFiles).Assembly.GetManifestResourceStream(resource);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return YamlMapping.Parse(reader.ReadToEnd(), resource);
    }

    /// <summary>Whether a text is the name of a built-in file rather than the path of a file.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it has neither a folder nor the ending of a YAML file.</returns>
    public static bool IsName(string text) =>
        !text.Contains('/', StringComparison.Ordinal) && !text.Contains('\\', StringComparison.Ordinal)
        && !text.EndsWith(Suffix, StringComparison.Ordinal) && !text.EndsWith(".yml", StringComparison.Ordinal);
}
