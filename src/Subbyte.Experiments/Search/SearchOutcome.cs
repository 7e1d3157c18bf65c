using Subbyte.Experiments.Reports;

namespace Subbyte.Experiments.Search;

/// <summary>What a search found.</summary>
/// <param name="Points">Every network that was tried, in order.</param>
/// <param name="MaxLoss">The loss that was allowed.</param>
public sealed record SearchOutcome(IReadOnlyList<SearchPoint> Points, double MaxLoss)
{
    private const int MostFrontPoints = 10;
    private const double FarthestLoss = 10;

    /// <summary>The candidates, each on the whole network.</summary>
    public IReadOnlyList<CandidateFigures> Candidates { get; init; } = [];

    /// <summary>The layers, each under each candidate alone.</summary>
    public IReadOnlyList<LayerFigures> Layers { get; init; } = [];

    /// <summary>Whether the search ended by itself; false when it was stopped.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>The cheapest network whose loss is allowed, or null.</summary>
    public SearchPoint? Chosen { get; } = Points.Where(point => point.Trial.Loss <= MaxLoss).OrderBy(point => point.Cost).ThenBy(point => point.Trial.Divergence).FirstOrDefault();

    /// <summary>The cheapest allowed network that treats all layers alike, or null.</summary>
    public SearchPoint? BestUniform { get; } = Points.Where(point => point.Origin == SearchOrigins.Uniform && point.Trial.Loss <= MaxLoss).OrderBy(point => point.Cost).ThenBy(point => point.Trial.Divergence).FirstOrDefault();

    /// <summary>
    /// Networks that none beats in cost and loss, by ascending cost: at most ten, the chosen one among them, and none that loses more than ten times
    /// what is allowed.
    /// </summary>
    /// <returns>The front.</returns>
    public IReadOnlyList<SearchPoint> Front()
    {
        var near = Points.Where(point => point.Trial.Loss <= Math.Max(FarthestLoss * MaxLoss, MaxLoss)).ToArray();
        var front = ParetoFront.Of([.. near.Select(point => (point.Cost, -point.Trial.Loss))]).Select(index => near[index]).ToArray();
        if (front.Length <= MostFrontPoints) return front;
        var kept = Enumerable.Range(0, MostFrontPoints).Select(i => i * (front.Length - 1) / (MostFrontPoints - 1)).ToHashSet();
        return [.. front.Where((point, i) => kept.Contains(i) || point.Recipe == Chosen?.Recipe)];
    }
}

/// <summary>What <see cref="SearchPoint.Origin"/> may be.</summary>
public static class SearchOrigins
{
    /// <summary>One candidate on the whole network.</summary>
    public const string Uniform = "uniform";

    /// <summary>A step of the path of best prices.</summary>
    public const string Path = "path";

    /// <summary>One layer changed from a network that held.</summary>
    public const string Refined = "refined";
}

/// <summary>A candidate on the whole network.</summary>
/// <param name="Recipe">The candidate.</param>
/// <param name="Cost">Cost for one sample, or null when it does not fit or counts no such cost.</param>
/// <param name="Trial">What it does to the samples that decide, or null when it does not fit.</param>
/// <param name="IsKept">Whether layers were tried under it one by one.</param>
/// <param name="Reason">Why it was not, or null.</param>
public sealed record CandidateFigures(string Recipe, double? Cost, Trial? Trial, bool IsKept, string? Reason);

/// <summary>A layer under the candidates, all other layers in fp32.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Options">Its options.</param>
public sealed record LayerFigures(string Layer, IReadOnlyList<LayerFigure> Options);

/// <summary>A layer under a candidate.</summary>
/// <param name="Recipe">The candidate, or fp32.</param>
/// <param name="Cost">The layer's cost for one sample.</param>
/// <param name="Divergence">How far the network's outputs moved, in nats.</param>
public sealed record LayerFigure(string Recipe, double Cost, double Divergence);
