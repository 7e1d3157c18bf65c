using Subbyte.Tensors;

namespace Subbyte.Networks;

/// <summary>A dimension of an input or output: a number, a name that is bound when the network runs, or unknown.</summary>
/// <param name="Size">The size, or null.</param>
/// <param name="Symbol">The name, or null.</param>
public readonly record struct Dimension(int? Size, string? Symbol = null)
{
    /// <summary>The size, the name, or a question mark.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Size?.ToString() ?? Symbol ?? "?";
}

/// <summary>An input or output of a network.</summary>
/// <param name="Name">Name of the value.</param>
/// <param name="ElementType">Element type.</param>
/// <param name="Shape">Dimensions.</param>
public sealed record NetworkValue(string Name, ElementType ElementType, IReadOnlyList<Dimension> Shape)
{
    /// <summary>Name, element type and shape.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name}: {ElementType}[{string.Join(",", Shape)}]";
}
