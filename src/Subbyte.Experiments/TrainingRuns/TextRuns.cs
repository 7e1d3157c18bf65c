using Subbyte.Data;
using Subbyte.Networks;
using Subbyte.Training;

namespace Subbyte.Experiments.TrainingRuns;

/// <summary>A text cut into runs of words that go on from batch to batch: sample k is run k / streams of stream k mod streams.</summary>
internal sealed class TextRuns : ISampleSource
{
    private readonly float[] _ids;
    private readonly int[] _labels;
    private readonly int _streams;
    private readonly int _steps;
    private readonly int[] _shape;

    private TextRuns(DataSet text, int steps)
    {
        (_streams, _steps, _shape) = (text.Streams, steps, [1, steps]);
        Count = text.Count / _streams / steps * _streams;
        if (Count == 0) throw new UserErrorException($"{text.Spec}: {text.Count / _streams} words in each of {_streams} streams are less than the {steps} steps of a sample; give fewer streams or fewer steps");
        (_ids, _labels) = (new float[Count * steps], new int[Count * steps]);
        for (var sample = 0; sample < Count; sample++)
        {
            for (var step = 0; step < steps; step++)
            {
                var record = (((sample / _streams * steps) + step) * _streams) + (sample % _streams);
                text.Read(record, _ids.AsSpan((sample * steps) + step, 1));
                _labels[(sample * steps) + step] = text.Label(record);
            }
        }
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<int> SampleShape => _shape;

    /// <summary>Cuts a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="steps">Words of a run.</param>
    /// <returns>The runs, labelled with the words that follow.</returns>
    /// <exception cref="UserErrorException">The text is too short.</exception>
    public static LabeledSamples Label(DataSet text, int steps)
    {
        var runs = new TextRuns(text, steps);
        return new LabeledSamples(runs, runs._labels, steps, runs._streams);
    }

    /// <inheritdoc/>
    public void Read(int index, Span<float> destination) => _ids.AsSpan(index * _steps, _steps).CopyTo(destination);
}
