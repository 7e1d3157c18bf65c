using System.Diagnostics;

namespace Subbyte.Training;

/// <summary>Where the time of training steps goes: for each part of each operator the workers' time together, in its shortest step.</summary>
/// <param name="workers">Number of workers.</param>
internal sealed class PassProfile(int workers)
{
    private readonly Dictionary<(string Operator, string Part), long>[] _ticks = [.. Enumerable.Range(0, workers).Select(_ => new Dictionary<(string, string), long>())];
    private readonly Dictionary<(string Operator, string Part), long> _shortest = [];

    /// <summary>Milliseconds of each part in its shortest step, longest first.</summary>
    public IEnumerable<(string Operator, string Part, double Milliseconds)> Parts
        => _shortest.OrderByDescending(part => part.Value).Select(part => (part.Key.Operator, part.Key.Part, part.Value * 1000.0 / Stopwatch.Frequency));

    /// <summary>Adds the time since a part of a step began.</summary>
    /// <param name="node">The operator, or null for what belongs to none.</param>
    /// <param name="part">What of it.</param>
    /// <param name="worker">Who worked.</param>
    /// <param name="start">When it began.</param>
    public void Add(Operator? node, string part, int worker, long start)
    {
        var key = (node?.Name ?? "", part);
        _ticks[worker][key] = _ticks[worker].GetValueOrDefault(key) + Stopwatch.GetTimestamp() - start;
    }

    /// <summary>Ends a step.</summary>
    public void EndStep()
    {
        foreach (var part in _ticks.SelectMany(ticks => ticks).GroupBy(part => part.Key, part => part.Value))
            _shortest[part.Key] = Math.Min(part.Sum(), _shortest.GetValueOrDefault(part.Key, long.MaxValue));
        foreach (var ticks in _ticks) ticks.Clear();
    }
}
