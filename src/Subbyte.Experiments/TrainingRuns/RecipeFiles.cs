using Subbyte.Data;

namespace Subbyte.Experiments.TrainingRuns;

/// <summary>The recipes that the library carries with it, and those in files.</summary>
public static class RecipeFiles
{
    private const string Prefix = "recipes/";
    private const string Suffix = ".yaml";

    /// <summary>The names of the built-in recipes, in ordinal order.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } =
        [.. typeof(RecipeFiles).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal)];

    /// <summary>Finds a recipe.</summary>
    /// <param name="nameOrFile">The name of a built-in one, or a YAML file (with a folder or the ending <c>.yaml</c>).</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="UserErrorException">There is none, or it is malformed.</exception>
    public static TrainingRecipe Find(string nameOrFile)
    {
        if (IsName(nameOrFile)) return BuiltInRecipe(nameOrFile);
        var path = PathExpansion.Expand(nameOrFile);
        var yaml = YamlMapping.Read(path);
        return new RecipeReader(yaml).Read(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path), Path.GetDirectoryName(Path.GetFullPath(path)));
    }

    private static TrainingRecipe BuiltInRecipe(string name)
    {
        using var stream = typeof(RecipeFiles).Assembly.GetManifestResourceStream(Prefix + name + Suffix)
            ?? throw new UserErrorException($"recipe '{name}' is not built in; there are {string.Join(", ", BuiltIn)} (a file ends with .yaml)");
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return new RecipeReader(YamlMapping.Parse(text, Prefix + name + Suffix)).Read(name, text, baseFolder: null);
    }

    private static bool IsName(string text)
        => !text.Contains('/', StringComparison.Ordinal) && !text.Contains('\\', StringComparison.Ordinal)
            && !text.EndsWith(Suffix, StringComparison.Ordinal) && !text.EndsWith(".yml", StringComparison.Ordinal);
}
