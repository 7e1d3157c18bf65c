using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>What a pass over a batch is for, and where its random numbers come from.</summary>
internal sealed class PassContext
{
    /// <summary>Whether it trains; otherwise it runs as in inference.</summary>
    public bool IsTraining { get; set; }

    /// <summary>Whether samples are augmented: in training, and before a teacher that follows one.</summary>
    public bool IsAugmented { get; set; }

    /// <summary>Seed of the training.</summary>
    public ulong Seed { get; set; }

    /// <summary>Number of the training step, from 0.</summary>
    public long Step { get; set; }

    /// <summary>A sequence of random numbers that no other sample, step or purpose shares.</summary>
    /// <param name="purpose">One of <see cref="RandomStream"/>.</param>
    /// <param name="sample">Place of the sample in the batch.</param>
    /// <returns>The sequence.</returns>
    public SeededRandom Random(ulong purpose, int sample)
        => new(new SeededRandom(Seed, purpose).NextBits() + (ulong)Step, (ulong)sample);
}

/// <summary>Purposes of random numbers; the shuffles of epochs take the numbers below.</summary>
internal static class RandomStream
{
    /// <summary>Augmentation of samples.</summary>
    public const ulong Augmentation = 1UL << 40;

    /// <summary>Dropout; the number of the node is added.</summary>
    public const ulong Dropout = 1UL << 41;

    /// <summary>Initial parameters of the quantizers of weights; the number of the layer is added.</summary>
    public const ulong WeightQuantizers = 1UL << 42;

    /// <summary>Initial parameters of the quantizers of inputs; the number of the layer is added.</summary>
    public const ulong InputQuantizers = 1UL << 43;
}
