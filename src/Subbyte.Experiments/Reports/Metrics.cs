using static System.FormattableString;

namespace Subbyte.Experiments.Reports;

/// <summary>What the metrics of a result are called, how they are written, and how they compare.</summary>
internal static class Metrics
{
    /// <summary>A metric's name for people.</summary>
    /// <param name="metric">The metric as in the document.</param>
    /// <returns>Its name.</returns>
    public static string Name(string metric) => metric switch
    {
        MetricNames.Top1 => "Top-1 accuracy",
        "top5" => "Top-5 accuracy",
        MetricNames.Agreement => "Agreement with fp32",
        MetricNames.Perplexity => "Perplexity",
        _ => metric,
    };

    /// <summary>The name of <see cref="Score"/>.</summary>
    /// <param name="metric">The metric as in the document.</param>
    /// <returns>Its name.</returns>
    public static string ScoreName(string metric) => metric == MetricNames.Perplexity ? "Perplexity of fp32 / of the recipe" : Name(metric);

    /// <summary>Whether a result is the perplexity of a text.</summary>
    /// <param name="result">The result.</param>
    /// <returns>False where it is a fraction.</returns>
    public static bool IsPerplexity(RecipeResult result) => result.Metric == MetricNames.Perplexity;

    /// <summary>A fraction that tells how good a result is, the larger the better: the metric itself, or fp32's perplexity over the recipe's.</summary>
    /// <param name="result">The result.</param>
    /// <param name="value">The metric, or an end of its interval.</param>
    /// <returns>The score.</returns>
    public static double Score(RecipeResult result, double value) => IsPerplexity(result) ? result.Baseline / value : value;

    /// <summary>A value of the metric.</summary>
    /// <param name="result">The result.</param>
    /// <param name="value">The metric, or fp32's.</param>
    /// <returns>Such as <c>91.64 %</c> or <c>110.79</c>.</returns>
    public static string Text(RecipeResult result, double value) => IsPerplexity(result) ? Invariant($"{value:0.00}") : Quantity.Percent(value);

    /// <summary>The interval of the metric.</summary>
    /// <param name="result">The result.</param>
    /// <returns>Such as <c>89.8 – 93.2 %</c> or <c>109.0 – 112.6</c>.</returns>
    public static string Interval(RecipeResult result)
    {
        var (factor, unit) = IsPerplexity(result) ? (1, "") : (100, " %");
        return Invariant($"{factor * result.Confidence95.ElementAtOrDefault(0):0.0} – {factor * result.Confidence95.ElementAtOrDefault(1):0.0}{unit}");
    }

    /// <summary>The difference against fp32.</summary>
    /// <param name="result">The result.</param>
    /// <returns>Such as <c>−0.39</c> percentage points, or of perplexity <c>+0.10</c>.</returns>
    public static string Difference(RecipeResult result) => Quantity.Points((result.Value - result.Baseline) / (IsPerplexity(result) ? 100 : 1));
}
