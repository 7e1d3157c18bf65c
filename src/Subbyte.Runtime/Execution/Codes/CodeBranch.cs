namespace Subbyte.Runtime;

/// <summary>A way from a product to one that takes its results as codes.</summary>
/// <param name="Consumer">Index of the step at its end.</param>
/// <param name="Steps">Elementwise steps on the way, in order.</param>
/// <param name="Taken">Indices of all steps on the way.</param>
/// <param name="Pool">Index of the pooling step among them, or −1.</param>
/// <param name="Pooled">Elementwise steps before the pooling step.</param>
internal sealed record CodeBranch(int Consumer, IReadOnlyList<ITileStep> Steps, IReadOnlyList<int> Taken, int Pool, int Pooled)
{
    /// <summary>The way before its first step.</summary>
    public static CodeBranch Start { get; } = new(-1, [], [], -1, 0);

    /// <summary>Whether the steps on the way are those of another.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True when both do the same.</returns>
    public bool IsAs(CodeBranch other) => Pool == other.Pool && Steps.SequenceEqual(other.Steps);
}
