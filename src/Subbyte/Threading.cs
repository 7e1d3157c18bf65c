namespace Subbyte;

/// <summary>Runs the same worker on several threads.</summary>
public static class Threading
{
    /// <summary>Runs a worker on each of <paramref name="threads"/> threads, the caller's among them, and waits for all.</summary>
    /// <param name="threads">Number of threads, at least 1.</param>
    /// <param name="worker">The worker; it takes its share of the work from a counter.</param>
    /// <exception cref="UserErrorException">A worker failed with one; the first is thrown again.</exception>
    public static void Run(int threads, Action worker)
    {
        var others = Enumerable.Range(1, Math.Max(0, threads - 1)).Select(_ => Task.Factory.StartNew(worker, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? failure = null;
        try
        {
            worker();
        }
        catch (Exception exception)
        {
            failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(exception);
        }

        foreach (var other in others)
        {
            try
            {
                other.GetAwaiter().GetResult();
            }
            catch (Exception exception)
            {
                failure ??= System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(exception);
            }
        }

        failure?.Throw();
    }

    /// <summary>Does numbered pieces of work on several threads, each as soon as a thread is free.</summary>
    /// <param name="threads">Number of threads, at least 1.</param>
    /// <param name="count">Number of pieces.</param>
    /// <param name="work">Does a piece; pieces do not depend on each other.</param>
    /// <exception cref="UserErrorException">A piece failed with one; the first is thrown again.</exception>
    public static void ForEach(int threads, int count, Action<int> work)
    {
        var next = -1;
        Run(Math.Min(threads, count), () =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next)) work(i);
        });
    }
}
