namespace Subbyte.Experiments;

/// <summary>What <see cref="RecipeResult.Metric"/> may be.</summary>
public static class MetricNames
{
    /// <summary>The share of samples whose largest output is their label's.</summary>
    public const string Top1 = "top1";

    /// <summary>The share of samples whose largest output is fp32's.</summary>
    public const string Agreement = "agreement";

    /// <summary>e to the mean negative log likelihood of the next word; the smaller, the better.</summary>
    public const string Perplexity = "perplexity";
}
