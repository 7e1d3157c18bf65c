using System.Diagnostics;
using Subbyte.Networks;
using Subbyte.Runtime;

namespace Subbyte.Experiments;

/// <summary>Runs packed networks over samples.</summary>
public static class PackedRun
{
    /// <summary>Runs every sample; each thread takes the next when it is free.</summary>
    /// <param name="model">The network.</param>
    /// <param name="samples">The samples, in the network's shape.</param>
    /// <param name="count">How many of them, from the first.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="progress">Told how many samples are done, or null.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>The outputs.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static NetworkRun Execute(PackedModel model, ISampleSource samples, int count, int threads, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        using var session = model.Open(new SessionOptions { ConcurrentRuns = threads });
        var (inputLength, outputLength) = (session.InputLength, session.OutputLength);
        var outputs = new float[checked(count * outputLength)];
        var (next, done) = (-1, 0);
        var clock = Stopwatch.StartNew();
        Threading.Run(Math.Min(threads, Math.Max(1, count)), () =>
        {
            var input = new float[inputLength];
            for (var index = Interlocked.Increment(ref next); index < count && !cancellation.IsCancellationRequested; index = Interlocked.Increment(ref next))
            {
                samples.Read(index, input);
                session.Run(input, outputs.AsSpan(index * outputLength, outputLength), CancellationToken.None);
                progress?.Invoke(new EvaluationProgress(Interlocked.Increment(ref done), count));
            }
        });
        cancellation.ThrowIfCancellationRequested();
        return new NetworkRun(outputs, outputLength, clock.Elapsed.TotalSeconds);
    }
}
