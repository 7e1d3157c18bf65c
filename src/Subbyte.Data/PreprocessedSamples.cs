using System.Buffers;
using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Data;

/// <summary>The samples of a data set as a network takes them.</summary>
public sealed class PreprocessedSamples : ISampleSource
{
    private readonly DataSet _data;
    private readonly Preprocessing _preprocessing;
    private readonly int[] _shape;

    /// <summary>Joins data and preprocessing.</summary>
    /// <param name="data">The data.</param>
    /// <param name="preprocessing">What is done to stored values.</param>
    /// <exception cref="UserErrorException">The data have other channels than the rule.</exception>
    public PreprocessedSamples(DataSet data, Preprocessing preprocessing)
    {
        data = data.ForInput(data.SampleShape, preprocessing);
        preprocessing.CheckChannels(data.SampleShape);
        (_data, _preprocessing, _shape) = (data, preprocessing, data.SampleShape.ToArray());
    }

    private PreprocessedSamples(DataSet data, Preprocessing preprocessing, int[] shape)
    {
        preprocessing.CheckChannels(data.SampleShape);
        (_data, _preprocessing, _shape) = (data, preprocessing, shape);
    }

    /// <inheritdoc/>
    public int Count => _data.Count;

    /// <inheritdoc/>
    public ReadOnlySpan<int> SampleShape => _shape;

    /// <summary>Joins data and preprocessing for a network's input.</summary>
    /// <param name="data">The data.</param>
    /// <param name="preprocessing">What is done to stored values.</param>
    /// <param name="inputShape">
    /// The network's input without the batch dimension; a dimension below 1 is free. A network that takes a vector takes an image of as many
    /// values, and dimensions of 1 may be missing on either side. Photos are scaled and cut to it.
    /// </param>
    /// <param name="model">The network's name in the error.</param>
    /// <returns>Samples in the network's shape.</returns>
    /// <exception cref="UserErrorException">The samples do not fit; the message names both shapes.</exception>
    public static PreprocessedSamples Fit(DataSet data, Preprocessing preprocessing, ReadOnlySpan<int> inputShape, string model)
    {
        data = data.ForInput(inputShape, preprocessing);
        var fitted = FitShape(data.SampleShape, inputShape)
            ?? throw new UserErrorException($"{model} takes inputs of {Name(inputShape)}, the samples of {data.Spec} are {Name(data.SampleShape)}; give the data that the model was made for");
        return new PreprocessedSamples(data, preprocessing, fitted);
    }

    /// <inheritdoc/>
    public void Read(int index, Span<float> destination)
    {
        if (destination.Length != _data.SampleLength)
            throw new ArgumentException($"A sample has {_data.SampleLength} values, the destination {destination.Length}.", nameof(destination));
        var stored = ArrayPool<float>.Shared.Rent(_data.SampleLength);
        var values = stored.AsSpan(0, _data.SampleLength);
        _data.Read(index, values);
        _preprocessing.Apply(values, _data.SampleShape, destination);
        ArrayPool<float>.Shared.Return(stored);
    }

    private static int[]? FitShape(ReadOnlySpan<int> sample, ReadOnlySpan<int> input)
    {
        if (input is [var length] && (length < 1 || length == ElementTypes.ElementCount(sample)))
            return [(int)ElementTypes.ElementCount(sample)];
        if (input.Length == sample.Length)
        {
            for (var d = 0; d < input.Length; d++)
                if (input[d] >= 1 && input[d] != sample[d]) return null;
            return sample.ToArray();
        }

        return WithoutOnes(sample).SequenceEqual(WithoutOnes(input)) ? input.ToArray() : null;
    }

    private static int[] WithoutOnes(ReadOnlySpan<int> shape) => [.. shape.ToArray().Where(dimension => dimension != 1)];

    private static string Name(ReadOnlySpan<int> shape) =>
        string.Join('x', shape.ToArray().Select(dimension => dimension < 1 ? "?" : $"{dimension}"));
}
