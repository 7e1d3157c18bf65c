namespace Subbyte.Hardware.Rtl;

/// <summary>The Verilog that the library carries with it.</summary>
public static class RtlSource
{
    private const string Prefix = "hardware/";

    /// <summary>All files, such as <c>mac8/mac8_pe.v</c>.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. typeof(RtlSource).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]).Order(StringComparer.Ordinal)];

    /// <summary>Reads a file.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    /// <returns>Its text.</returns>
    public static string Read(string file)
    {
        using var stream = typeof(RtlSource).Assembly.GetManifestResourceStream(Prefix + file) ?? throw new ArgumentException($"there is no Verilog file '{file}'", nameof(file));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// The blocks that a testbench is compiled from. An array may be made of any element, so what surrounds elements needs all of them.
    /// </summary>
    /// <param name="folders">Folders.</param>
    /// <returns>Files of these folders; of all where the array is among them.</returns>
    internal static IReadOnlyList<string> InFolders(IEnumerable<string> folders)
    {
        var wanted = folders.ToHashSet(StringComparer.Ordinal);
        return [.. Files.Where(file => file.EndsWith(".v", StringComparison.Ordinal) && !file.StartsWith("testbench/", StringComparison.Ordinal) && (wanted.Contains("array") || wanted.Contains(file.Split('/')[0])))];
    }
}
