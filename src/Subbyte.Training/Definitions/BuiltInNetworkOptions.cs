namespace Subbyte.Training;

/// <summary>Sizes of a built-in network, and the seed of its initial weights. Immutable.</summary>
public sealed record BuiltInNetworkOptions
{
    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Factor of the channels of convolutional networks, &gt; 0.</summary>
    public float Width { get; init; } = 1;

    /// <summary>Outputs of the hidden layers of <c>mlp</c>.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [512, 512];

    /// <summary>Whether <c>mlp</c> and <c>lenet5</c> have batch normalizations; the others have them always.</summary>
    public bool BatchNormalization { get; init; }

    /// <summary>Probability of a zero in dropout layers, 0 ≤ dropout &lt; 1; 0 leaves them out.</summary>
    public float Dropout { get; init; }
}
