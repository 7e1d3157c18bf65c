using System.Runtime.ExceptionServices;

namespace Subbyte.Training;

/// <summary>Workers that share the items of one piece of work after the other; which worker takes which item does not matter.</summary>
/// <param name="workers">Number of workers, ≥ 1, the calling thread among them.</param>
internal sealed class WorkerTeam(int workers)
{
    /// <summary>Number of workers.</summary>
    public int Count { get; } = workers;

    /// <summary>Does a piece of work.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="work">Does the item of the first number; the second says which worker, 0 to <see cref="Count"/> − 1, does it.</param>
    public void Run(int items, Action<int, int> work)
    {
        var count = Math.Min(Count, items);
        if (count <= 1)
        {
            for (var item = 0; item < items; item++) work(item, 0);
            return;
        }

        Share(items, count, work);
    }

    private static void Share(int items, int count, Action<int, int> work)
    {
        var next = -1;
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, worker =>
            {
                for (var item = Interlocked.Increment(ref next); item < items; item = Interlocked.Increment(ref next))
                    work(item, worker);
            });
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }
}
