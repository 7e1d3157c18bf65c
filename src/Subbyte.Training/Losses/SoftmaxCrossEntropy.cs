using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>
/// The cross-entropy of softmax(logits) against labels: <c>L = −Σ q·ln p</c> with <c>q = (1 − ε)·[class = label] + ε / classes</c>, averaged over
/// the batch. Label smoothing ε: Szegedy et al., "Rethinking the Inception architecture", CVPR 2016, section 7.
/// </summary>
/// <param name="logits">The map that the network ends with; a label for each of its positions.</param>
/// <param name="smoothing">ε, 0 ≤ ε &lt; 1.</param>
internal sealed class SoftmaxCrossEntropy(FeatureMap logits, float smoothing)
{
    private float[] _losses = [];
    private bool[] _isCorrect = [];

    /// <summary>The teacher's part of the loss in training, or null.</summary>
    public TeacherLoss? Teacher { get; set; }

    /// <summary>Takes memory for a batch.</summary>
    /// <param name="samples">Samples of the largest batch.</param>
    public void Allocate(int samples)
    {
        var answers = checked(samples * logits.Positions);
        if (_losses.Length >= answers) return;
        _losses = new float[answers];
        _isCorrect = new bool[answers];
    }

    /// <summary>Computes the losses of a block, and the gradients of its logits.</summary>
    /// <param name="block">The block.</param>
    /// <param name="labels">Labels of the whole batch.</param>
    /// <param name="withGradient">Whether gradients are wanted.</param>
    public void Run(SampleBlock block, ReadOnlySpan<int> labels, bool withGradient)
    {
        var classes = logits.Channels;
        var shares = block.Scratch.Floats[..classes];
        for (var sample = block.First * logits.Positions; sample < (block.First + block.Count) * logits.Positions; sample++)
        {
            var z = logits.Values(0, labels.Length / logits.Positions).Slice(sample * classes, classes);
            var label = labels[sample];
            var best = IndexOfMax(z);
            for (var i = 0; i < z.Length; i++) shares[i] = z[i] - z[best];
            var target = (1 - smoothing) * shares[label];
            var even = smoothing / z.Length;
            for (var i = 0; i < z.Length; i++) target = MathF.FusedMultiplyAdd(even, shares[i], target);
            Transcendental.Exp(shares, shares);
            var sum = 0f;
            foreach (var share in shares) sum += share;
            _losses[sample] = Transcendental.Log(sum) - target;
            _isCorrect[sample] = best == label;
            if (withGradient) SetGradient(Gradient(sample, labels.Length), shares, sum, label, labels.Length);
            if (withGradient && Teacher is not null) _losses[sample] = Teacher.Add(sample, z, _losses[sample], Gradient(sample, labels.Length), labels.Length, block.Scratch.Floats);
        }
    }

    /// <summary>Sums over the batch, in the order of its samples.</summary>
    /// <param name="samples">Answers of the batch: its samples, or their positions.</param>
    /// <returns>The sum of the losses, and how often the label had the largest logit.</returns>
    public (double Loss, int Correct) Sum(int samples)
    {
        double loss = 0;
        var correct = 0;
        for (var sample = 0; sample < samples; sample++)
        {
            loss += _losses[sample];
            if (_isCorrect[sample]) correct++;
        }

        return (loss, correct);
    }

    private Span<float> Gradient(int answer, int answers) => logits.Gradient(0, answers / logits.Positions).Slice(answer * logits.Channels, logits.Channels);

    private void SetGradient(Span<float> gradient, ReadOnlySpan<float> shares, float sum, int label, int samples)
    {
        for (var i = 0; i < gradient.Length; i++)
        {
            var target = (smoothing / gradient.Length) + (i == label ? 1 - smoothing : 0);
            gradient[i] = ((shares[i] / sum) - target) / samples;
        }
    }

    private static int IndexOfMax(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best]) best = i;
        }

        return best;
    }
}
