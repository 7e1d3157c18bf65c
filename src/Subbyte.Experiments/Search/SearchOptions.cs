using Subbyte.Methods;

namespace Subbyte.Experiments.Search;

/// <summary>What a search looks for, and how long.</summary>
public sealed record SearchOptions
{
    /// <summary>What each layer may be made: recipes of layer methods alone. fp32 is always among the choices.</summary>
    public required IReadOnlyList<Recipe> Candidates { get; init; }

    /// <summary>Whether candidates that others beat on the whole network are left out before layers are looked at one by one.</summary>
    public bool ScreensCandidates { get; init; }

    /// <summary>Passes and settings that every recipe gets: pruning, corrections.</summary>
    public Recipe With { get; init; } = Recipe.Float;

    /// <summary>The cost to make small.</summary>
    public Objective Objective { get; init; } = Objective.Find("energy");

    /// <summary>The loss that is allowed: percentage points of accuracy (or agreement with fp32), for a text points of perplexity.</summary>
    public double MaxLoss { get; init; } = 0.5;

    /// <summary>Whole networks that are tried at most.</summary>
    public int Trials { get; init; } = 150;

    /// <summary>Worker threads; they do not change the result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
