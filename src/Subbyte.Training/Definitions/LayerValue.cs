namespace Subbyte.Training;

/// <summary>What a layer gives, while a network is being built.</summary>
/// <param name="Name">Name of the value.</param>
/// <param name="Shape">Shape of one sample: channels, height, width, or one number for a vector.</param>
public sealed record LayerValue(string Name, IReadOnlyList<int> Shape)
{
    /// <summary>Name and shape.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name} [{string.Join(",", Shape)}]";
}
