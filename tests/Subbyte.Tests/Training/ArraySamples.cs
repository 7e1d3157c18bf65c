using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Training;

namespace Subbyte.Tests.Training;

/// <summary>Samples held in memory.</summary>
internal sealed class ArraySamples(float[][] samples, params int[] shape) : ISampleSource
{
    public int Count => samples.Length;

    public ReadOnlySpan<int> SampleShape => shape;

    public void Read(int index, Span<float> destination) => samples[index].CopyTo(destination);

    /// <summary>Random samples with random labels.</summary>
    public static LabeledSamples Random(ulong seed, int count, int classes, params int[] shape)
    {
        var random = new SeededRandom(seed);
        var length = shape.Aggregate(1, (product, size) => product * size);
        float[][] samples = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => (2 * random.NextFloat()) - 1).ToArray())];
        return new LabeledSamples(new ArraySamples(samples, shape), [.. Enumerable.Range(0, count).Select(_ => random.Next(classes))]);
    }

    /// <summary>Images whose class is the quarter of the image that is bright.</summary>
    public static LabeledSamples Quarters(ulong seed, int count, int size = 8)
    {
        var random = new SeededRandom(seed);
        int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(4))];
        float[][] samples = [.. labels.Select(label => Enumerable.Range(0, size * size).Select(i => Pixel(i, label) + (0.5f * random.NextFloat())).ToArray())];
        return new LabeledSamples(new ArraySamples(samples, 1, size, size), labels);

        float Pixel(int i, int label) => (i / size * 2 / size * 2) + (i % size * 2 / size) == label ? 0.5f : 0;
    }
}
