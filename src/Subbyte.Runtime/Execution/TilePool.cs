using System.Diagnostics;

namespace Subbyte.Runtime;

/// <summary>
/// Threads that share the tiles of a step with the caller. One caller at a time; it takes no memory to run. Threads look for work for a while before they sleep, since
/// steps follow each other sooner than a thread wakes, and nobody waits for one that still does.
/// </summary>
internal sealed class TilePool : IDisposable
{
    private const int SpinsOfLook = 8;
    private const int LooksForEnd = 4000;

    private static readonly long WakingTicks = Stopwatch.Frequency / 5000;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _work = new(0);
    private PackedStep? _step;
    private SessionFrame? _frame;
    private Exception? _failure;

    // The number of tiles above, the next one to do below: one word, so that whoever takes a tile knows that it belongs to the step of now.
    private long _claims;
    private int _done;
    private int _sleeping;
    private volatile bool _stopped;

    /// <summary>Starts the threads.</summary>
    /// <param name="others">How many there are beside the caller.</param>
    public TilePool(int others)
    {
        _threads = [.. Enumerable.Range(1, others).Select(worker => new Thread(() => Serve(worker)) { IsBackground = true, Name = $"Subbyte {worker}" })];
        foreach (var thread in _threads) thread.Start();
    }

    private bool HasWork
    {
        get
        {
            var claims = Volatile.Read(ref _claims);
            return Next(claims) < Tiles(claims);
        }
    }

    /// <summary>Does all tiles of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="frame">Memory of the run.</param>
    public void Run(PackedStep step, SessionFrame frame)
    {
        var tiles = step.Tiles;
        (_step, _frame, _failure, _done) = (step, frame, null, 0);
        Interlocked.Exchange(ref _claims, (long)tiles << 32);
        // Those that were called before and have not woken yet count.
        var missing = Math.Min(Volatile.Read(ref _sleeping), tiles - 1) - _work.CurrentCount;
        if (missing > 0) _work.Release(missing);
        Work(0);
        for (var looks = 0; Volatile.Read(ref _done) < tiles && looks < LooksForEnd; looks++) Thread.SpinWait(SpinsOfLook);
        var wait = default(SpinWait);
        while (Volatile.Read(ref _done) < tiles) wait.SpinOnce(sleep1Threshold: -1);
        if (_failure is { } failure) throw new InvalidOperationException($"step '{step.Name}' failed", failure);
    }

    /// <summary>Stops the threads.</summary>
    public void Dispose()
    {
        _stopped = true;
        _work.Release(_threads.Length);
        foreach (var thread in _threads) thread.Join();
        _work.Dispose();
    }

    private static int Next(long claims) => (int)(claims & int.MaxValue);

    private static int Tiles(long claims) => (int)(claims >> 32);

    private void Serve(int worker)
    {
        var sleepAt = Stopwatch.GetTimestamp() + WakingTicks;
        while (!_stopped)
        {
            if (HasWork)
            {
                Work(worker);
                sleepAt = Stopwatch.GetTimestamp() + WakingTicks;
            }
            else if (Stopwatch.GetTimestamp() < sleepAt)
            {
                Thread.SpinWait(SpinsOfLook);
            }
            else
            {
                Sleep();
                sleepAt = Stopwatch.GetTimestamp() + WakingTicks;
            }
        }
    }

    /// <summary>Waits to be woken. The caller publishes tiles before it asks who sleeps, a thread says that it sleeps before it looks for tiles once more: none is missed.</summary>
    private void Sleep()
    {
        Interlocked.Increment(ref _sleeping);
        if (!HasWork && !_stopped) _work.Wait();
        Interlocked.Decrement(ref _sleeping);
    }

    private void Work(int worker)
    {
        while (true)
        {
            var claim = Interlocked.Increment(ref _claims) - 1;
            if (Next(claim) >= Tiles(claim)) return;
            try
            {
                _step!.RunTile(_frame!, Next(claim), worker);
            }
            catch (Exception failure)
            {
                // It must not end the process from a thread of the pool; the caller throws it.
                _failure = failure;
            }

            Interlocked.Increment(ref _done);
        }
    }
}
