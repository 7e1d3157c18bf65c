namespace Subbyte.Training;

/// <summary>A fixed run of samples of a batch: the unit of work, and of the order in which gradients are combined.</summary>
/// <param name="Index">Which block.</param>
/// <param name="First">Its first sample.</param>
/// <param name="Count">Its number of samples.</param>
/// <param name="Scratch">The worker's own memory.</param>
/// <param name="Pass">What the pass is for.</param>
internal readonly record struct SampleBlock(int Index, int First, int Count, Scratch Scratch, PassContext Pass)
{
    /// <summary>Samples of a full block.</summary>
    public const int Size = 8;

    /// <summary>Blocks of a batch.</summary>
    /// <param name="samples">Samples of the batch.</param>
    public static int CountOf(int samples) => (samples + Size - 1) / Size;

    /// <summary>The block's part of a map.</summary>
    /// <param name="map">The map.</param>
    public Span<float> Values(FeatureMap map) => map.Values(First, Count);

    /// <summary>The block's part of a map's gradient.</summary>
    /// <param name="map">The map.</param>
    public Span<float> Gradient(FeatureMap map) => map.Gradient(First, Count);
}
