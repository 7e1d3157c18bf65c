using System.Numerics.Tensors;
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
        var z = block.Values(logits);
        for (var sample = block.First * logits.Positions; !z.IsEmpty; sample++, z = z[logits.Channels..])
        {
            var answer = z[..logits.Channels];
            var gradient = withGradient ? Gradient(sample, labels.Length) : [];
            var shares = withGradient ? gradient : block.Scratch.Floats[..logits.Channels];
            var (label, best) = (labels[sample], TensorPrimitives.IndexOfMax(answer));
            TensorPrimitives.Subtract(answer, answer[best], shares);
            var target = (1 - smoothing) * shares[label];
            if (smoothing > 0) target += smoothing * (float)(RowSums.Sum(shares) / shares.Length);
            Transcendental.Exp(shares, shares);
            var sum = (float)RowSums.Sum(shares);
            _losses[sample] = Transcendental.Log(sum) - target;
            _isCorrect[sample] = best == label;
            if (withGradient) SetGradient(gradient, sum, label, labels.Length);
            if (withGradient && Teacher is not null) _losses[sample] = Teacher.Add(sample, answer, _losses[sample], gradient, labels.Length, block.Scratch.Floats);
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

    /// <summary>The mean loss's gradient from what the logits' exponentials are: their shares less the target's.</summary>
    private void SetGradient(Span<float> gradient, float sum, int label, int samples)
    {
        TensorPrimitives.Multiply(gradient, 1 / (sum * samples), gradient);
        if (smoothing > 0) TensorPrimitives.Subtract(gradient, smoothing / gradient.Length / samples, gradient);
        gradient[label] -= (1 - smoothing) / samples;
    }
}
