namespace Subbyte.Experiments.Sweeps;

/// <summary>The results of a sweep.</summary>
/// <param name="Name">Name of the sweep.</param>
/// <param name="Title">Title of the page.</param>
/// <param name="Sections">The sections.</param>
public sealed record SweepDocument(string Name, string Title, IReadOnlyList<SweepResult> Sections)
{
    /// <summary>Name and version of the schema.</summary>
    public string Schema { get; } = "subbyte.sweep/1";
}

/// <summary>One network and data set.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Workload">The workload.</param>
/// <param name="Comparison">Its results, fp32 first; null when the section was skipped.</param>
/// <param name="LeftOut">Recipes that do not fit the network, with the reason.</param>
/// <param name="Skipped">Why the section was not run: which data are missing; or null.</param>
public sealed record SweepResult(string Title, string Workload, ResultDocument? Comparison, IReadOnlyList<LeftOutRecipe> LeftOut, string? Skipped);

/// <summary>A recipe that does not fit a network.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Reason">Why.</param>
public sealed record LeftOutRecipe(string Recipe, string Reason);
