using System.Diagnostics;
using Subbyte.Runtime;

namespace Subbyte.Samples.PackedServer;

/// <summary>Answers requests; more than fit the queue are turned away at once, so that waiting callers cannot pile up.</summary>
/// <param name="session">The session.</param>
/// <param name="metrics">What is counted.</param>
/// <param name="queue">Requests that may be under way or wait.</param>
internal sealed class Classifier(SubbyteSession session, ServerMetrics metrics, int queue)
{
    private int _waiting;

    /// <summary>Classifies one sample.</summary>
    /// <param name="input">The sample, preprocessed.</param>
    /// <param name="cancellation">The caller went away.</param>
    /// <returns>200 with the class and the outputs, 400 for a wrong length, 429 where the queue is full.</returns>
    public async Task<IResult> RunAsync(float[] input, CancellationToken cancellation)
    {
        if (input.Length != session.InputLength)
        {
            metrics.Count("refused");
            return Results.BadRequest(new { error = $"the network takes {session.InputLength} values, not {input.Length}" });
        }

        try
        {
            if (Interlocked.Increment(ref _waiting) > queue)
            {
                metrics.Count("busy");
                return Results.Json(new { error = "the queue is full; try again later" }, statusCode: StatusCodes.Status429TooManyRequests);
            }

            var start = Stopwatch.GetTimestamp();
            var output = new float[session.OutputLength];
            await session.RunAsync(input, output, cancellation);
            metrics.Count("done");
            metrics.Time(Stopwatch.GetElapsedTime(start).TotalSeconds);
            return Results.Ok(new { @class = Array.IndexOf(output, output.Max()), outputs = output });
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
