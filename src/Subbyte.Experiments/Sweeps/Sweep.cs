using Subbyte.Calibration;
using Subbyte.Methods;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Subbyte.Experiments.Sweeps;

/// <summary>Recipes on several networks and data sets: a YAML file in <c>sweeps/</c>, carried by the library, or one of the user's.</summary>
public sealed record Sweep
{
    private const string Prefix = "sweeps/";
    private const string Suffix = ".yaml";

    /// <summary>The sweeps that the library carries.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(Sweep).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal)];

    /// <summary>Title of the page.</summary>
    public string Title { get; set; } = "";

    /// <summary>What is said before the tables; Markdown.</summary>
    public string Introduction { get; set; } = "";

    /// <summary>What is said after them; Markdown.</summary>
    public string Notes { get; set; } = "";

    /// <summary>Recipes of every section that names none of its own.</summary>
    public IEnumerable<string> Recipes { get; set; } = [];

    /// <summary>The sections.</summary>
    public IEnumerable<SweepSection> Sections { get; set; } = [];

    /// <summary>Finds a sweep.</summary>
    /// <param name="name">Name of one that the library carries, or a YAML file (with a folder or the ending <c>.yaml</c>).</param>
    /// <returns>The sweep.</returns>
    /// <exception cref="UserErrorException">There is none, or it is malformed.</exception>
    public static Sweep Find(string name)
    {
        if (name.EndsWith(Suffix, StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal)) return Parse(TextFile.Read(name), name);
        using var stream = typeof(Sweep).Assembly.GetManifestResourceStream(Prefix + name + Suffix)
            ?? throw new UserErrorException($"there is no sweep by the name '{name}'; there are {string.Join(", ", Names)} (a file ends with {Suffix})");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), Prefix + name + Suffix);
    }

    /// <summary>Reads a sweep.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="source">Name of the file, for messages.</param>
    /// <returns>The sweep.</returns>
    /// <exception cref="UserErrorException">It is malformed, or names a recipe that does not exist.</exception>
    public static Sweep Parse(string text, string source)
    {
        Sweep sweep;
        try
        {
            sweep = new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).Build().Deserialize<Sweep>(text) ?? throw new UserErrorException($"{source}: is empty");
        }
        catch (YamlException failure)
        {
            throw new UserErrorException($"{source}:{failure.Start.Line}: {failure.InnerException?.Message ?? failure.Message}", failure);
        }

        if (!sweep.Sections.Any()) throw new UserErrorException($"{source}: names no sections; each needs a workload");
        foreach (var section in sweep.Sections)
        {
            if (section.Workload.Length == 0) throw new UserErrorException($"{source}: a section names no workload");
            if (section.Limit is < 1 || section.CalibrationSamples < 1) throw new UserErrorException($"{source}: section '{section.Workload}': limit and calibration-samples must be at least 1");
            if (section.Title.Length == 0) section.Title = section.Workload;
            section.Recipes = [.. section.Recipes.Any() ? section.Recipes : sweep.Recipes, .. section.Also];
            if (!section.Recipes.Any()) throw new UserErrorException($"{source}: section '{section.Title}' has no recipes");
            foreach (var recipe in section.Recipes) Recipe.Parse(recipe);
        }

        return sweep;
    }
}

/// <summary>One network and data set of a sweep.</summary>
public sealed record SweepSection
{
    /// <summary>Heading.</summary>
    public string Title { get; set; } = "";

    /// <summary>What is said below it; Markdown.</summary>
    public string Text { get; set; } = "";

    /// <summary>The workload.</summary>
    public string Workload { get; set; } = "";

    /// <summary>Only the first samples, or null for all.</summary>
    public int? Limit { get; set; }

    /// <summary>Calibration samples.</summary>
    public int CalibrationSamples { get; set; } = Calibrator.DefaultSamples;

    /// <summary>Recipes; the sweep's when empty.</summary>
    public IEnumerable<string> Recipes { get; set; } = [];

    /// <summary>Further recipes.</summary>
    public IEnumerable<string> Also { get; set; } = [];
}
