namespace Subbyte.Experiments.Reports;

/// <summary>What the metrics of a result are called.</summary>
internal static class Metrics
{
    /// <summary>A metric's name for people.</summary>
    /// <param name="metric">The metric as in the document.</param>
    /// <returns>Its name.</returns>
    public static string Name(string metric) => metric switch
    {
        "top1" => "Top-1 accuracy",
        "top5" => "Top-5 accuracy",
        "agreement" => "Agreement with fp32",
        _ => metric,
    };
}
