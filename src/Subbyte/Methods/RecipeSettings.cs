namespace Subbyte.Methods;

/// <summary>What happens to the first and the last dot-product layer.</summary>
public enum EndLayers
{
    /// <summary>The method decides: 8-bit exact methods cover them, all others leave them at uniform eight bits.</summary>
    Method,

    /// <summary>Uniform eight bits.</summary>
    Int8,

    /// <summary>fp32.</summary>
    Float,

    /// <summary>Like every other layer.</summary>
    Same,
}

/// <summary>How a recipe is applied to a network: one setting for all of its steps.</summary>
public sealed record RecipeSettings
{
    /// <summary>What happens to the first and the last layer.</summary>
    public EndLayers Ends { get; init; } = EndLayers.Method;

    /// <summary>Whether batch norms stay apart (true) or are folded into the convolution before them (false).</summary>
    public bool KeepBatchNorms { get; init; }
}
