using Subbyte.Networks;

namespace Subbyte.Experiments.Language;

/// <summary>Samples without meaning for a network that takes word ids and states: the first word of the vocabulary in states of noise.</summary>
/// <param name="noise">The noise, one value for the word and the states' values behind it.</param>
internal sealed class WordNoise(ISampleSource noise) : ISampleSource
{
    /// <inheritdoc/>
    public int Count => noise.Count;

    /// <inheritdoc/>
    public ReadOnlySpan<int> SampleShape => noise.SampleShape;

    /// <inheritdoc/>
    public void Read(int index, Span<float> destination)
    {
        noise.Read(index, destination);
        destination[0] = 0;
    }
}
