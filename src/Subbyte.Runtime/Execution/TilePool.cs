using System.Diagnostics;

namespace Subbyte.Runtime;

/// <summary>Threads that share the tiles of a step with the caller. One caller at a time; it takes no memory to run.</summary>
internal sealed class TilePool : IDisposable
{
    // Steps of a run follow each other within this time; to wake a thread that sleeps may take as long as a step.
    private static readonly long WakingTicks = Stopwatch.Frequency / 5000;

    private const int SpinsOfLook = 16;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _work = new(0);
    private PackedStep? _step;
    private SessionFrame? _frame;
    private Exception? _failure;
    private int _tiles;
    private int _next;
    private int _busy;
    private volatile bool _stopped;

    /// <summary>Starts the threads.</summary>
    /// <param name="others">How many there are beside the caller.</param>
    public TilePool(int others)
    {
        _threads = [.. Enumerable.Range(1, others).Select(worker => new Thread(() => Serve(worker)) { IsBackground = true, Name = $"Subbyte {worker}" })];
        foreach (var thread in _threads) thread.Start();
    }

    /// <summary>Does all tiles of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="frame">Memory of the run.</param>
    public void Run(PackedStep step, SessionFrame frame)
    {
        var helpers = Math.Min(_threads.Length, step.Tiles - 1);
        (_step, _frame, _tiles, _failure) = (step, frame, step.Tiles, null);
        Volatile.Write(ref _next, 0);
        Volatile.Write(ref _busy, helpers);
        _work.Release(helpers);
        Work(0);
        var wait = default(SpinWait);
        while (Volatile.Read(ref _busy) > 0) wait.SpinOnce(sleep1Threshold: -1);
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

    private void Serve(int worker)
    {
        while (true)
        {
            var sleepAt = Stopwatch.GetTimestamp() + WakingTicks;
            while (_work.CurrentCount == 0 && Stopwatch.GetTimestamp() < sleepAt) Thread.SpinWait(SpinsOfLook);
            _work.Wait();
            if (_stopped) return;
            Work(worker);
            Interlocked.Decrement(ref _busy);
        }
    }

    private void Work(int worker)
    {
        try
        {
            for (var tile = Interlocked.Increment(ref _next) - 1; tile < _tiles; tile = Interlocked.Increment(ref _next) - 1) _step!.RunTile(_frame!, tile, worker);
        }
        catch (Exception failure)
        {
            // It must not end the process from a thread of the pool; the caller throws it.
            _failure = failure;
        }
    }
}
