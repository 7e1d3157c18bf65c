using Subbyte.Networks;

namespace Subbyte.Tests.Networks;

/// <summary>Samples that lie in one array.</summary>
/// <param name="values">Samples one after the other.</param>
/// <param name="shape">Shape of one sample.</param>
internal sealed class MemorySamples(float[] values, params int[] shape) : ISampleSource
{
    private readonly int _length = shape.Aggregate(1, (length, size) => length * size);

    public int Count => values.Length / _length;

    public ReadOnlySpan<int> SampleShape => shape;

    public void Read(int index, Span<float> destination) => values.AsSpan(index * _length, _length).CopyTo(destination);
}
