using System.Globalization;

namespace Subbyte.Experiments.Reproduction;

/// <summary>One figure to reproduce: a recipe on a network and data, what is measured, and what should come out.</summary>
public sealed record Experiment : ExperimentSettings
{
    /// <summary>What stands in recipes for a value of the sweep.</summary>
    public const string SweptValue = "{value}";

    /// <summary>Name, unique in its list.</summary>
    public string Name { get; set; } = "";

    /// <summary>Title of its group, or empty.</summary>
    public string Group { get; internal set; } = "";

    /// <summary>The recipe.</summary>
    public string Recipe { get; set; } = "";

    /// <summary>A recipe whose measure is subtracted, or null.</summary>
    public string? Against { get; set; }

    /// <summary>A recipe whose measure (less that of <see cref="Against"/>) counts as 1, or null: the figure is then a share.</summary>
    public string? Over { get; set; }

    /// <summary>Name and arguments of a statistic of drawn values, for <see cref="Measure.Statistic"/>.</summary>
    public string? Statistic { get; set; }

    /// <summary>Values that <see cref="SweptValue"/> in the recipes takes in turn, the figure is the mean over them; empty for none.</summary>
    public IEnumerable<string> Sweep { get; set; } = [];

    /// <summary>The expected figure, or null where only bounds are given.</summary>
    public double? Expected { get; set; }

    /// <summary>A lower bound, or null.</summary>
    public double? AtLeast { get; set; }

    /// <summary>An upper bound, or null.</summary>
    public double? AtMost { get; set; }

    /// <summary>Whether it belongs to the quick form.</summary>
    public bool Quick { get; set; }

    /// <summary>Why another figure comes out here, or null.</summary>
    public string? Deviation { get; set; }

    /// <summary>The figure that came out, to which it is held from then on.</summary>
    public double? Held { get; set; }

    /// <summary>How far the figure may lie from <see cref="Expected"/>.</summary>
    public double Margin => Tolerance ?? (Math.Abs(Expected ?? Held ?? 0) * (TolerancePercent ?? 0) / 100);

    /// <summary>What should come out, in words: 935 ± 5, ≥ 0.</summary>
    public string Wanted => Expected is { } expected
        ? $"{Text(expected)} ± {(Tolerance is null && TolerancePercent is { } percent ? $"{Text(percent)} %" : Text(Margin))}"
        : string.Join(", ", new[] { AtLeast is { } low ? $"≥ {Text(low)}" : null, AtMost is { } high ? $"≤ {Text(high)}" : null }.OfType<string>());

    /// <summary>The measure in words.</summary>
    public string Measured => (Measure ?? Reproduction.Measure.Correct) switch
    {
        Reproduction.Measure.Correct => "correct",
        Reproduction.Measure.Top1 => "top-1, %",
        Reproduction.Measure.Agreement => "agreement with fp32, %",
        Reproduction.Measure.Perplexity => "perplexity",
        Reproduction.Measure.Operation when Per is not null => $"{Operation}, % of {Per}",
        Reproduction.Measure.Operation => Operation ?? "",
        Reproduction.Measure.Ratio => $"{Operation} over {Per}",
        Reproduction.Measure.Cycles => "cycles",
        Reproduction.Measure.Energy => "energy, pJ",
        Reproduction.Measure.SumError => "relative squared error of sums",
        Reproduction.Measure.SumDecibels => "signal to noise of sums, dB",
        Reproduction.Measure.LayerOperation => $"{Operation} per {Per}",
        Reproduction.Measure.WeightError or Reproduction.Measure.CodeError or Reproduction.Measure.ActivationError => "relative output error",
        Reproduction.Measure.PackedMemory => "fp32 bytes over packed bytes",
        Reproduction.Measure.Kurtosis => "kurtosis of weights",
        Reproduction.Measure.KurtosisDistance => "distance of the kurtosis from 1.8",
        Reproduction.Measure.WeightRounding => "relative squared error of weights",
        _ => "statistic",
    };

    /// <summary>The recipes, or the statistic, in words.</summary>
    public string Formula => (Against, Over) switch
    {
        _ when Statistic is not null => Statistic,
        (null, null) => Recipe,
        ({ } against, null) => $"{Recipe}  −  {against}",
        (null, { } over) => $"{Recipe}  ÷  {over}",
        ({ } against, { } over) => $"({Recipe}  −  {against})  ÷  ({over}  −  {against})",
    };

    /// <summary>All recipes that it runs, and methods that it trains with.</summary>
    public IEnumerable<string> Recipes => Statistic is not null || Recipe.Length == 0 ? [] : Swept.SelectMany(one => new[] { one.Recipe, one.Against, one.Over, one.Exact, one.RelativeTo }).OfType<string>().SelectMany(recipe => recipe.Split(" | "));

    /// <summary>The experiment for each value of its sweep; itself where it has none.</summary>
    internal IReadOnlyList<Experiment> Swept => !Sweep.Any() ? [this] : [.. Sweep.Select(value =>
    {
        string? Put(string? recipe) => recipe?.Replace(SweptValue, value, StringComparison.Ordinal);
        return this with { Sweep = [], RelativeTo = Put(RelativeTo), Recipe = Put(Recipe)!, Against = Put(Against), Over = Put(Over) };
    })];

    /// <summary>The verdict on a figure.</summary>
    /// <param name="here">The figure.</param>
    /// <returns>Whether it holds, deviates as is known, or fails.</returns>
    public Verdict Judge(double here)
    {
        var holds = (Expected is not { } expected || Math.Abs(here - expected) <= Margin) && (AtLeast is not { } low || here >= low) && (AtMost is not { } high || here <= high);
        if (holds) return Verdict.Holds;
        return Deviation is not null && Held is { } held && Math.Abs(here - held) <= Margin ? Verdict.Deviates : Verdict.Fails;
    }

    /// <summary>Adds the shared step to every recipe.</summary>
    internal void Complete()
    {
        if (string.IsNullOrEmpty(With)) return;
        Recipe = Add(Recipe)!;
        (Against, Over, Exact) = (Add(Against), Add(Over), Add(Exact));
    }

    private string? Add(string? recipe) => recipe is null or "fp32" or "" ? recipe : $"{recipe} + {With}";

    private static string Text(double value) => value.ToString(Math.Abs(value) is > 0 and < 0.1 ? "0.#######" : "0.####", CultureInfo.InvariantCulture);
}
