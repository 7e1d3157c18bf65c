using System.Diagnostics;
using Subbyte.Data;
using Subbyte.Kernels;
using Subbyte.Networks;

namespace Subbyte.Experiments.Language;

/// <summary>Predicts every word of a text from those before it in its stream, the state carried along each stream.</summary>
internal static class TokenRun
{
    // All logits of a text would be gigabytes; the outputs of its beginning are kept to be compared.
    private const int KeptOutputs = 4_000_000;

    /// <summary>Runs a network; streams are split among threads, and what a stream gives does not depend on those beside it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The text.</param>
    /// <param name="count">How many predictions, from the first.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="progress">Told how many predictions are done, or null.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>Predictions and losses, and the outputs of the beginning.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static NetworkRun Execute(LowBitNetwork network, DataSet data, int count, int threads, Action<EvaluationProgress>? progress, CancellationToken cancellation)
        => Execute((first, streams) => new TokenStreams(network, data, first, streams), data, count, threads, progress, cancellation);

    /// <summary>Runs whatever reads streams; they are split among threads, and what a stream gives does not depend on those beside it.</summary>
    /// <param name="open">Opens some streams: the first, and how many.</param>
    /// <param name="data">The text.</param>
    /// <param name="count">How many predictions, from the first.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="progress">Told how many predictions are done, or null.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>Predictions and losses, and the outputs of the beginning.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static NetworkRun Execute(Func<int, int, ITokenStreams> open, DataSet data, int count, int threads, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        var (streams, words) = (data.Streams, data.ClassCount!.Value);
        var (losses, predictions) = (new double[count], new int[count]);
        var outputs = new float[Math.Min(count, KeptOutputs / words) * words];
        var (parts, next, done) = (Math.Min(threads, streams), -1, 0);
        var clock = Stopwatch.StartNew();
        Threading.Run(parts, () =>
        {
            var part = Interlocked.Increment(ref next);
            var (first, end) = (part * streams / parts, (part + 1) * streams / parts);
            var worker = open(first, end - first);
            var exponentials = new float[words];
            for (var step = 0; step * streams < count && !cancellation.IsCancellationRequested; step++)
            {
                worker.Advance(step);
                var scored = 0;
                for (var stream = first; stream < end && (step * streams) + stream < count; stream++, scored++)
                {
                    var index = (step * streams) + stream;
                    var logits = worker.Logits.Slice((stream - first) * words, words);
                    (predictions[index], losses[index]) = Score(logits, data.Label(index), exponentials);
                    if ((long)index * words < outputs.Length) logits.CopyTo(outputs.AsSpan(index * words));
                }

                progress?.Invoke(new EvaluationProgress(Interlocked.Add(ref done, scored), count));
            }
        });
        cancellation.ThrowIfCancellationRequested();
        return new NetworkRun(outputs, words, clock.Elapsed.TotalSeconds, new TokenScores(predictions, losses));
    }

    /// <summary>The likeliest word, and the negative log likelihood of the one that follows: ln Σ exp(z − max) − (z[target] − max), summed in order of the words.</summary>
    private static (int Prediction, double Loss) Score(ReadOnlySpan<float> logits, int target, Span<float> exponentials)
    {
        var best = Scores.ArgMax(logits);
        var highest = logits[best];
        for (var word = 0; word < logits.Length; word++) exponentials[word] = logits[word] - highest;
        var margin = (double)exponentials[target];
        Transcendental.Exp(exponentials, exponentials);
        double sum = 0;
        foreach (var exponential in exponentials) sum += exponential;
        return (best, Transcendental.Log(sum) - margin);
    }
}
