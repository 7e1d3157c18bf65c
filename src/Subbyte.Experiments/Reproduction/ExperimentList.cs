using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Subbyte.Experiments.Reproduction;

/// <summary>Experiments that belong together: a table or a figure of the paper.</summary>
public sealed record ExperimentGroup : ExperimentSettings
{
    /// <summary>What they show.</summary>
    public string Title { get; set; } = "";

    /// <summary>The experiments.</summary>
    public IEnumerable<Experiment> Experiments { get; set; } = [];
}

/// <summary>The figures of one paper that are reproduced here: a YAML file in <c>reproductions/</c>, carried by the library, or one of the user's.</summary>
public sealed record ExperimentList : ExperimentSettings
{
    private const string Prefix = "reproductions/";
    private const string Suffix = ".yaml";

    /// <summary>The papers, by the names of their files.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(ExperimentList).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal)];

    /// <summary>Title: the paper.</summary>
    public string Title { get; set; } = "";

    /// <summary>Experiments in groups.</summary>
    public IEnumerable<ExperimentGroup> Groups { get; set; } = [];

    /// <summary>All experiments; in the file, those without a group.</summary>
    public IEnumerable<Experiment> Experiments { get; set; } = [];

    /// <summary>Finds a list.</summary>
    /// <param name="name">Name of a paper, or a YAML file (with a folder or the ending <c>.yaml</c>).</param>
    /// <returns>The list.</returns>
    /// <exception cref="UserErrorException">There is none, or it is malformed.</exception>
    public static ExperimentList Find(string name)
    {
        if (name.EndsWith(Suffix, StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal)) return Parse(TextFile.Read(name), name);
        using var stream = typeof(ExperimentList).Assembly.GetManifestResourceStream(Prefix + name + Suffix)
            ?? throw new UserErrorException($"there is nothing to reproduce by the name '{name}'; there are {string.Join(", ", Names)} (a file ends with {Suffix})");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), Prefix + name + Suffix);
    }

    /// <summary>Reads a list.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="source">Name of the file, for messages.</param>
    /// <returns>The list.</returns>
    /// <exception cref="UserErrorException">It is malformed; the message names the line.</exception>
    public static ExperimentList Parse(string text, string source)
    {
        ExperimentList list;
        try
        {
            list = new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).WithEnumNamingConvention(HyphenatedNamingConvention.Instance).Build().Deserialize<ExperimentList>(text)
                ?? throw new UserErrorException($"{source}: is empty");
        }
        catch (YamlException failure)
        {
            throw new UserErrorException($"{source}:{failure.Start.Line}: {failure.InnerException?.Message ?? failure.Message}", failure);
        }

        foreach (var group in list.Groups)
        {
            group.Inherit(list);
            foreach (var experiment in group.Experiments)
            {
                experiment.Inherit(group);
                experiment.Group = group.Title;
            }
        }

        foreach (var experiment in list.Experiments) experiment.Inherit(list);
        list.Experiments = [.. list.Experiments, .. list.Groups.SelectMany(group => group.Experiments)];
        foreach (var experiment in list.Experiments) Check(experiment, source);
        if (list.Experiments.GroupBy(experiment => experiment.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice) throw new UserErrorException($"{source}: experiment '{twice.Key}' occurs twice");
        return list;
    }

    private static void Check(Experiment experiment, string source)
    {
        if (experiment.Name.Length == 0) throw new UserErrorException($"{source}: an experiment has no name");
        if (experiment is { Recipe: "", Statistic: null, Missing: null }) throw new UserErrorException($"{source}: experiment '{experiment.Name}' has neither a recipe nor a statistic");
        if (experiment is { Expected: null, AtLeast: null, AtMost: null }) throw new UserErrorException($"{source}: experiment '{experiment.Name}' says neither expected nor at-least nor at-most");
        if (experiment is { Measure: Reproduction.Measure.SumError or Reproduction.Measure.SumDecibels, Exact: null }) throw new UserErrorException($"{source}: experiment '{experiment.Name}' measures sums and names no exact recipe");
        if (experiment is { Measure: Reproduction.Measure.LayerOperation, Per: null }) throw new UserErrorException($"{source}: experiment '{experiment.Name}' measures an operation of layers and does not say per which");
        if (experiment is { Measure: Reproduction.Measure.Ratio, Per: null }) throw new UserErrorException($"{source}: experiment '{experiment.Name}' measures a ratio of operations and does not say per which");
        if (experiment is { RelativeTo: not null, Train: null }) throw new UserErrorException($"{source}: experiment '{experiment.Name}' is relative to a recipe on the trained network, but trains none");
        if (experiment.Sweep.Any() != experiment.Formula.Contains(Experiment.SweptValue, StringComparison.Ordinal))
            throw new UserErrorException($"{source}: experiment '{experiment.Name}': a sweep and {Experiment.SweptValue} in its recipes go together; one of them is missing");
        experiment.Complete();
    }
}
