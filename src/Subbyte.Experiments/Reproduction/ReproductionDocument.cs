namespace Subbyte.Experiments.Reproduction;

/// <summary>One figure beside the expected one.</summary>
/// <param name="Name">Name of the experiment.</param>
/// <param name="Group">The table or figure that it belongs to, or empty.</param>
/// <param name="Recipe">The recipe, or what is computed of several.</param>
/// <param name="Measure">What is measured.</param>
/// <param name="Paper">What should come out: the paper's figure or the specification's, or a bound.</param>
/// <param name="AtLeast">A lower bound, or null.</param>
/// <param name="AtMost">An upper bound, or null.</param>
/// <param name="Wanted">The same in words: 935 ± 5, ≥ 0.</param>
/// <param name="Here">What came out; null when skipped.</param>
/// <param name="Tolerance">How far it may lie from what should.</param>
/// <param name="Verdict">How it compares.</param>
/// <param name="Reason">Why it deviates or was skipped, or null.</param>
public sealed record ReproducedFigure(string Name, string Group, string Recipe, string Measure, double? Paper, double? AtLeast, double? AtMost, string Wanted, double? Here, double Tolerance, Verdict Verdict, string? Reason)
{
    /// <summary>Standard deviation over the seeds that were trained; null where there is one, or none.</summary>
    public double? Spread { get; init; }

    /// <summary>What came out in words, the spread in brackets: 97.12 (0.08).</summary>
    public string Found => Here is not { } here ? "" : Spread is { } spread ? $"{Quantity.Plain(here)} ({Quantity.Plain(spread)})" : Quantity.Plain(here);

    /// <summary>Whether there are bounds alone.</summary>
    public bool IsBound => AtLeast is not null || AtMost is not null;

    /// <summary>How far it lies from what should come out, or null.</summary>
    public double? Difference => Here - Paper;
}

/// <summary>The figures of a paper.</summary>
/// <param name="Name">Name of the paper.</param>
/// <param name="Title">Its title.</param>
/// <param name="Experiments">The figures.</param>
public sealed record ReproductionDocument(string Name, string Title, IReadOnlyList<ReproducedFigure> Experiments)
{
    /// <summary>Name and version of the schema.</summary>
    public string Schema { get; } = "subbyte.reproduce/1";

    /// <summary>Version of Subbyte.</summary>
    public string Version { get; } = typeof(ReproductionDocument).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>Counts a verdict.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <returns>How many figures have it.</returns>
    public int Count(Verdict verdict) => Experiments.Count(figure => figure.Verdict == verdict);
}
