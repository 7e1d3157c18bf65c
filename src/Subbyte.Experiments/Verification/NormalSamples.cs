using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification;

/// <summary>Samples without meaning, for checks that need inputs but no data: bell-shaped noise of variance 1, the same for a seed on every machine.</summary>
/// <param name="shape">Shape of one sample.</param>
/// <param name="count">Number of samples.</param>
/// <param name="seed">Seed.</param>
public sealed class NormalSamples(int[] shape, int count, int seed) : ISampleSource
{
    // The sum of twelve uniform numbers has variance 1.
    private const int UniformsOfSum = 12;

    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public ReadOnlySpan<int> SampleShape => shape;

    /// <inheritdoc/>
    public void Read(int index, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        if (destination.Length != ElementTypes.ElementCount(shape)) throw new ArgumentException($"a sample has {ElementTypes.ElementCount(shape)} values, not {destination.Length}", nameof(destination));
        var random = new SeededRandom((ulong)seed, (ulong)index);
        foreach (ref var value in destination)
        {
            value = -UniformsOfSum / 2;
            for (var i = 0; i < UniformsOfSum; i++) value += random.NextFloat();
        }
    }
}
