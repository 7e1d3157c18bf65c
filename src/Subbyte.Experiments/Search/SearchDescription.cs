namespace Subbyte.Experiments.Search;

/// <summary>How a search came to its recipes: part of its result document.</summary>
public sealed record SearchDescription
{
    /// <summary>The algorithm.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The cost that was made small.</summary>
    public required string Objective { get; init; }

    /// <summary>The loss that was allowed: percentage points, for a text points of perplexity.</summary>
    public required double MaxLoss { get; init; }

    /// <summary>The samples that decided.</summary>
    public required DataDescription Deciding { get; init; }

    /// <summary>Whether the search ended by itself.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>The chosen recipe, or null when none held.</summary>
    public required string? Chosen { get; init; }

    /// <summary>The front: what was decided on, and what was reported.</summary>
    public required IReadOnlyList<FrontPoint> Front { get; init; }

    /// <summary>The candidates, each on the whole network.</summary>
    public required IReadOnlyList<CandidateFigures> Candidates { get; init; }

    /// <summary>The layers, each under each candidate alone.</summary>
    public required IReadOnlyList<LayerFigures> Layers { get; init; }

    /// <summary>Every network that was tried, in order.</summary>
    public required IReadOnlyList<SearchPoint> Trials { get; init; }
}

/// <summary>A network on the front.</summary>
/// <param name="Recipe">Its recipe.</param>
/// <param name="Summary">How many layers got what.</param>
/// <param name="Cost">Its cost for one sample.</param>
/// <param name="DecidedLoss">Loss on the samples that decided.</param>
/// <param name="ReportedLoss">Loss on the samples that are reported, or null when the search was stopped before.</param>
/// <param name="IsChosen">Whether it is the chosen one.</param>
public sealed record FrontPoint(string Recipe, string Summary, double Cost, double DecidedLoss, double? ReportedLoss, bool IsChosen);
