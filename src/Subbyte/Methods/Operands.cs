namespace Subbyte.Methods;

/// <summary>Which operands a layer method codes; the slot of the other stays open for another step, or for uniform eight bits.</summary>
public enum Operands
{
    /// <summary>Weights and activations.</summary>
    Both,

    /// <summary>Weights only.</summary>
    Weights,

    /// <summary>Activations only.</summary>
    Activations,
}
