using System.Diagnostics;

namespace Subbyte.Experiments;

/// <summary>Something whose runs are timed.</summary>
public interface IContender
{
    /// <summary>Runs and times each run, in the process that does the work.</summary>
    /// <param name="runs">How often.</param>
    /// <param name="milliseconds">Takes the duration of each run.</param>
    void Run(int runs, ICollection<double> milliseconds);
}

/// <summary>Work of this process.</summary>
/// <param name="work">One run.</param>
public sealed class OwnContender(Action work) : IContender
{
    /// <inheritdoc/>
    public void Run(int runs, ICollection<double> milliseconds)
    {
        for (; runs > 0; runs--)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }
}

/// <summary>Times contenders against each other: they take turns in short blocks, since only neighbours in time compare on a shared machine.</summary>
public static class Contest
{
    private const double WarmUpMilliseconds = 250;
    private const double BlockMilliseconds = 4;
    private const int LeastRuns = 30;

    /// <summary>Runs all contenders for about the given time each, and each at least 30 times.</summary>
    /// <param name="contenders">The contenders.</param>
    /// <param name="milliseconds">Time that each is given.</param>
    /// <param name="cancellation">Cancels the runs.</param>
    /// <returns>One timing a contender.</returns>
    /// <exception cref="OperationCanceledException">The contest was cancelled.</exception>
    public static IReadOnlyList<Timing> Run(IReadOnlyList<IContender> contenders, double milliseconds, CancellationToken cancellation)
    {
        var turns = contenders.Select(contender => TurnOf(contender, cancellation)).ToArray();
        var times = contenders.Select(_ => new List<double>()).ToArray();
        var blocks = (int)Math.Ceiling(Math.Max(milliseconds / turns.Max(turn => turn.Milliseconds), LeastRuns / (double)turns.Min(turn => turn.Runs)));
        for (var block = 0; block < blocks; block++)
        {
            for (var i = 0; i < contenders.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                contenders[i].Run(turns[i].Runs, times[i]);
            }
        }

        return [.. times.Select(Timing.Of)];
    }

    /// <summary>Warms up, so that compiled code and caches are those of the steady state, and finds out how many runs fill a block, and how long they take.</summary>
    private static (int Runs, double Milliseconds) TurnOf(IContender contender, CancellationToken cancellation)
    {
        var times = new List<double>();
        var clock = Stopwatch.StartNew();
        while (times.Count < LeastRuns || clock.Elapsed.TotalMilliseconds < WarmUpMilliseconds)
        {
            cancellation.ThrowIfCancellationRequested();
            contender.Run(1, times);
            if (clock.Elapsed.TotalMilliseconds > 8 * WarmUpMilliseconds) break;
        }

        var runs = (int)Math.Clamp(BlockMilliseconds / times.Min(), 1, 1000);
        return (runs, Math.Max(BlockMilliseconds, runs * times.Min()));
    }
}
