using Subbyte.Networks;

namespace Subbyte.Training;

/// <summary>Samples with the class of each.</summary>
public sealed class LabeledSamples
{
    /// <summary>Joins samples and labels.</summary>
    /// <param name="samples">Samples in the form in which the network takes them.</param>
    /// <param name="labels">Classes, ≥ 0: of each sample as many as it has answers.</param>
    /// <param name="labelsPerSample">Answers of a sample: 1, or the words of a run.</param>
    /// <param name="streams">Number of texts that samples go through side by side, sample k in text k mod streams; 0 where each stands alone.</param>
    /// <exception cref="UserErrorException">There are no samples, the numbers differ, or a label is negative.</exception>
    public LabeledSamples(ISampleSource samples, IReadOnlyList<int> labels, int labelsPerSample = 1, int streams = 0)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(labels);
        if (samples.Count == 0) throw new UserErrorException("there are no samples to train on");
        if (samples.Count * (long)labelsPerSample != labels.Count) throw new UserErrorException($"{labels.Count} labels do not fit {samples.Count} samples");
        if (labels.Any(label => label < 0)) throw new UserErrorException("a label is negative; classes are numbered from 0");
        (Samples, Labels, LabelsPerSample, Streams) = (samples, labels, labelsPerSample, streams);
    }

    /// <summary>The samples.</summary>
    public ISampleSource Samples { get; }

    /// <summary>The classes, sample by sample.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Answers of a sample.</summary>
    public int LabelsPerSample { get; }

    /// <summary>Number of texts that samples go through side by side; 0 where each stands alone.</summary>
    public int Streams { get; }

    /// <summary>Number of samples.</summary>
    public int Count => Samples.Count;

    /// <summary>One more than the largest label.</summary>
    public int Classes => Labels.Max() + 1;
}
