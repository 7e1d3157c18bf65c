using Subbyte.Calibration;
using Subbyte.Data;
using Subbyte.Training;

namespace Subbyte.Experiments;

/// <summary>The embedded default: a small convolutional network trained on glyphs that are drawn on the spot.</summary>
public static class GlyphNetwork
{
    /// <summary>Trains the network and opens held-out glyphs for its evaluation.</summary>
    /// <param name="seed">Seed of the initial weights and of the order of the glyphs.</param>
    /// <param name="threads">Worker threads; the network does not depend on them.</param>
    /// <param name="progress">Told how many steps are done, or null.</param>
    /// <param name="cancellation">Cancels the training.</param>
    /// <returns>The network with held-out glyphs to evaluate and training glyphs for calibration.</returns>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static EvaluationTask Train(int seed, int threads, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        var train = DataSpec.Open("glyphs#train");
        var samples = new PreprocessedSamples(train, DefaultNetworks.GlyphPreprocessing);
        var labels = Enumerable.Range(0, train.Count).Select(train.Label).ToArray();
        var options = DefaultNetworks.GlyphTraining with { Seed = unchecked((ulong)seed), Threads = threads };
        var steps = progress is null ? null : new Relay(progress);
        var result = DefaultNetworks.TrainGlyphs(samples, labels, options, steps, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return EvaluationTask.Of(result.Network, DataSpec.Open("glyphs#test"), train, Calibrator.DefaultSamples);
    }

    private sealed class Relay(Action<EvaluationProgress> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress(new EvaluationProgress((int)value.Step, (int)value.Steps));
    }
}
