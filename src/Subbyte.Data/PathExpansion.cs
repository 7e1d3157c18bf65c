using System.Text;

namespace Subbyte.Data;

/// <summary>Paths as people write them in specifications and workloads: <c>${VARIABLE}</c> and <c>~</c> are expanded.</summary>
public static class PathExpansion
{
    /// <summary>Expands a path.</summary>
    /// <param name="path">A path that may begin with <c>~/</c> and contain <c>${VARIABLE}</c>.</param>
    /// <param name="baseFolder">The folder that a relative path starts from; the current folder when it is <see langword="null"/>.</param>
    /// <returns>The path.</returns>
    /// <exception cref="UserErrorException">A variable is not set, or the path is malformed.</exception>
    public static string Expand(string path, string? baseFolder = null)
    {
        var expanded = Variables(path);
        if (expanded == "~" || expanded.StartsWith("~/", StringComparison.Ordinal))
            expanded = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + expanded[1..];
        if (expanded.Length == 0) throw new UserErrorException("an empty path was given where a file or folder is needed");
        if (expanded.Contains('\0', StringComparison.Ordinal)) throw new UserErrorException($"the path '{expanded}' holds a zero character");
        return baseFolder is null ? expanded : Path.Combine(baseFolder, expanded);
    }

    private static string Variables(string path)
    {
        var result = new StringBuilder();
        var rest = path.AsSpan();
        for (int start; (start = rest.IndexOf("${", StringComparison.Ordinal)) >= 0;)
        {
            var end = rest[start..].IndexOf('}');
            if (end < 0) throw new UserErrorException($"the path '{path}' has '${{' without '}}'");
            var name = rest[(start + 2)..(start + end)].ToString();
            var value = name.Length == 0 ? null : Environment.GetEnvironmentVariable(name);
            if (string.IsNullOrEmpty(value))
                throw new UserErrorException($"the path '{path}' needs the environment variable {name}, which is not set; set it to the folder that holds the data");
            result.Append(rest[..start]).Append(value);
            rest = rest[(start + end + 1)..];
        }

        return result.Append(rest).ToString();
    }
}
