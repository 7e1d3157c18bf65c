namespace Subbyte.Training;

/// <summary>A fixed run of samples of a batch: the unit of work, and of the order in which gradients are combined.</summary>
/// <param name="Index">Which block.</param>
/// <param name="First">Its first sample.</param>
/// <param name="Count">Its number of samples.</param>
/// <param name="Scratch">The worker's own memory.</param>
/// <param name="Pass">What the pass is for.</param>
internal readonly record struct SampleBlock(int Index, int First, int Count, Scratch Scratch, PassContext Pass)
{
    /// <summary>Most samples of a block.</summary>
    public const int Size = 8;

    /// <summary>Blocks of a batch: an even number of blocks that differ by one sample at most, so that small batches keep two or four threads busy too.</summary>
    /// <param name="samples">Samples of the batch.</param>
    public static int CountOf(int samples) => Math.Min(samples, (samples + (2 * Size) - 1) / (2 * Size) * 2);

    /// <summary>A block of a batch.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="samples">Samples of the batch.</param>
    /// <param name="scratch">The worker's own memory.</param>
    /// <param name="pass">What the pass is for.</param>
    public static SampleBlock Of(int index, int samples, Scratch scratch, PassContext pass)
    {
        var count = CountOf(samples);
        var first = (int)((long)samples * index / count);
        return new SampleBlock(index, first, (int)((long)samples * (index + 1) / count) - first, scratch, pass);
    }

    /// <summary>The block's part of a map.</summary>
    /// <param name="map">The map.</param>
    public Span<float> Values(FeatureMap map) => map.Values(First, Count);

    /// <summary>The block's part of a map's gradient.</summary>
    /// <param name="map">The map.</param>
    public Span<float> Gradient(FeatureMap map) => map.Gradient(First, Count);
}
