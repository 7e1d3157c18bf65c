using Subbyte.Networks;

namespace Subbyte.Training;

/// <summary>Networks that are built in, with the recipe that trains each.</summary>
public static class DefaultNetworks
{
    /// <summary>Channels behind the first convolution of <see cref="Glyphs"/>; later stages have twice and four times as many.</summary>
    private const int GlyphChannels = 8;

    /// <summary>What <see cref="Glyphs"/> expects to be done to the bytes of a glyph: mean 0 and variance 1, nearly.</summary>
    public static Preprocessing GlyphPreprocessing { get; } = new(ChannelOrder.AsIs, 1f / 255, [0.25f], [0.22f]);

    /// <summary>
    /// The recipe of <see cref="TrainGlyphs"/>: 20,000 glyphs take some seconds on two cores.
    /// </summary>
    public static TrainingOptions GlyphTraining { get; } = new()
    {
        Epochs = 4,
        BatchSize = 128,
        Optimizer = new SgdOptions { LearningRate = 0.1f, Momentum = 0.9f, Nesterov = true, WeightDecay = 5e-4f },
        Schedule = new CosineSchedule { WarmUpEpochs = 0.2 },
    };

    /// <summary>
    /// A small convolutional network with all that a low-bit method meets in a large one: a first layer of few inputs, strides, a residual
    /// block, batch normalization, a linear layer.
    /// </summary>
    /// <param name="sampleShape">Shape of a sample: channels, height, width.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    /// <returns>The network, untrained.</returns>
    public static Network Glyphs(ReadOnlySpan<int> sampleShape, int classes, ulong seed = 1)
    {
        var builder = new NetworkBuilder("glyphs", sampleShape, seed);
        var x = builder.Unit("1", builder.Input, GlyphChannels, kernel: 3);
        x = builder.Unit("2", x, 2 * GlyphChannels, kernel: 3, stride: 2);
        var branch = builder.Unit("3", x, 2 * GlyphChannels, kernel: 3);
        branch = builder.BatchNormalization("bn4", builder.Convolution("conv4", branch, 2 * GlyphChannels, kernel: 3));
        x = builder.Relu("relu4", builder.Sum("add4", branch, x));
        x = builder.Unit("5", x, 4 * GlyphChannels, kernel: 3, stride: 2);
        x = builder.GlobalAveragePool("pool", x);
        return builder.Build(builder.Linear("fc", x, classes), GlyphPreprocessing);
    }

    /// <summary>Trains <see cref="Glyphs"/>.</summary>
    /// <param name="samples">Training samples, preprocessed by <see cref="GlyphPreprocessing"/>; each is read once.</param>
    /// <param name="labels">The class of each sample.</param>
    /// <param name="options">How; the default is <see cref="GlyphTraining"/>. Its seed is that of the initial weights too.</param>
    /// <param name="progress">Is told a few times a second where training stands.</param>
    /// <param name="cancellation">Ends training after the present step; the result is the network so far.</param>
    /// <returns>The trained network, and how it went.</returns>
    /// <exception cref="UserErrorException">The samples do not fit, or training diverged.</exception>
    public static TrainingResult TrainGlyphs(ISampleSource samples, IReadOnlyList<int> labels, TrainingOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        options ??= GlyphTraining;
        var data = new LabeledSamples(new CachedSamples(samples), labels);
        return Trainer.Train(Glyphs(samples.SampleShape, data.Classes, options.Seed), data, options, progress, cancellation);
    }
}
