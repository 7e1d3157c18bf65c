using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Training;

/// <summary>Samples that are kept in memory after they have been read for the first time: for data that take long to decode or to draw.</summary>
/// <param name="source">Where they come from.</param>
public sealed class CachedSamples(ISampleSource source) : ISampleSource
{
    private readonly float[]?[] _samples = new float[source.Count][];
    private readonly int[] _shape = source.SampleShape.ToArray();

    /// <inheritdoc/>
    public int Count => _samples.Length;

    /// <inheritdoc/>
    public ReadOnlySpan<int> SampleShape => _shape;

    /// <inheritdoc/>
    public void Read(int index, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        // Two threads that miss at once read the same values; either array may stay.
        var sample = Volatile.Read(ref _samples[index]);
        if (sample is null)
        {
            sample = new float[ElementTypes.ElementCount(_shape)];
            source.Read(index, sample);
            Volatile.Write(ref _samples[index], sample);
        }

        if (destination.Length != sample.Length)
            throw new ArgumentException($"a sample has {sample.Length} values, the destination {destination.Length}", nameof(destination));
        sample.CopyTo(destination);
    }
}
