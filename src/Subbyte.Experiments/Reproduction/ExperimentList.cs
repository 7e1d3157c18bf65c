using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Subbyte.Experiments.Reproduction;

/// <summary>The figures of one paper that are reproduced here: a YAML file in <c>reproductions/</c>, carried by the library.</summary>
public sealed record ExperimentList
{
    private const string Prefix = "reproductions/";
    private const string Suffix = ".yaml";

    /// <summary>The papers, by the names of their files.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(ExperimentList).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal)];

    /// <summary>Title: the paper.</summary>
    public string Title { get; set; } = "";

    /// <summary>The workload of experiments that name none.</summary>
    public string Workload { get; set; } = "";

    /// <summary>Calibration samples.</summary>
    public int CalibrationSamples { get; set; } = Calibration.Calibrator.DefaultSamples;

    /// <summary>A step that is added to every recipe, such as <c>ends:keep=float</c>, or null.</summary>
    public string? With { get; set; }

    /// <summary>The experiments.</summary>
    public IEnumerable<Experiment> Experiments { get; set; } = [];

    /// <summary>Finds a list.</summary>
    /// <param name="name">Name of the paper.</param>
    /// <returns>The list.</returns>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static ExperimentList Find(string name)
    {
        using var stream = typeof(ExperimentList).Assembly.GetManifestResourceStream(Prefix + name + Suffix)
            ?? throw new UserErrorException($"there is nothing to reproduce by the name '{name}'; there are {string.Join(", ", Names)}");
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

        foreach (var experiment in list.Experiments)
        {
            if (experiment.Name.Length == 0 || experiment.Recipe.Length == 0) throw new UserErrorException($"{source}: an experiment has no name or no recipe");
            if (experiment.Workload.Length == 0) experiment.Workload = list.Workload;
            if (experiment is { Expected: null, AtLeast: null, AtMost: null }) throw new UserErrorException($"{source}: experiment '{experiment.Name}' says neither expected nor at-least nor at-most");
            if (list.With is not { } step) continue;
            experiment.Recipe = $"{experiment.Recipe} + {step}";
            if (experiment.Against is { } against) experiment.Against = $"{against} + {step}";
        }

        if (list.Experiments.GroupBy(experiment => experiment.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice) throw new UserErrorException($"{source}: experiment '{twice.Key}' occurs twice");
        return list;
    }
}
