using Subbyte.Networks;

namespace Subbyte.Training;

/// <summary>Samples with the class of each.</summary>
public sealed class LabeledSamples
{
    /// <summary>Joins samples and labels.</summary>
    /// <param name="samples">Samples in the form in which the network takes them.</param>
    /// <param name="labels">One class per sample, ≥ 0.</param>
    /// <exception cref="UserErrorException">There are no samples, the numbers differ, or a label is negative.</exception>
    public LabeledSamples(ISampleSource samples, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(labels);
        if (samples.Count == 0) throw new UserErrorException("there are no samples to train on");
        if (samples.Count != labels.Count) throw new UserErrorException($"{labels.Count} labels do not fit {samples.Count} samples");
        if (labels.Any(label => label < 0)) throw new UserErrorException("a label is negative; classes are numbered from 0");
        (Samples, Labels) = (samples, labels);
    }

    /// <summary>The samples.</summary>
    public ISampleSource Samples { get; }

    /// <summary>The class of each sample.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Number of samples.</summary>
    public int Count => Labels.Count;

    /// <summary>One more than the largest label.</summary>
    public int Classes => Labels.Max() + 1;
}
