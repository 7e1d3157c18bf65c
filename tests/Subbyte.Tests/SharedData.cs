namespace Subbyte.Tests;

/// <summary>
/// The folder of real networks and data: <c>SUBBYTE_DATA</c>, or <c>../shared/data</c> seen from the project's root. Tests that need it are
/// skipped visibly where it is absent.
/// </summary>
internal static class SharedData
{
    /// <summary>The folder, or <see langword="null"/> where there is none.</summary>
    public static string? Root { get; } = Locate();

    /// <summary>A file or folder of the shared data; skips the calling <c>[SkippableFact]</c> when it is absent.</summary>
    public static string Require(string relativePath)
    {
        var path = Root is null ? null : Path.Combine(Root, relativePath);
        Skip.If(path is null || !Path.Exists(path), $"the shared data is absent: {relativePath} (set SUBBYTE_DATA to its folder)");
        return path!;
    }

    private static string? Locate()
    {
        if (Environment.GetEnvironmentVariable("SUBBYTE_DATA") is { Length: > 0 } named) return Directory.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Subbyte.slnx"))) continue;
            var shared = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data"));
            return Directory.Exists(shared) ? shared : null;
        }

        return null;
    }
}
