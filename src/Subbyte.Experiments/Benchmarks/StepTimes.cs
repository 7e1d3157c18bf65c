using System.Diagnostics;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Experiments;

/// <summary>The shortest time of each node of a plan over many runs.</summary>
internal sealed class StepTimes : IExecutionObserver
{
    private readonly List<(NodePlan Plan, long Ticks)> _steps = [];
    private int _step;
    private long _start;

    /// <summary>Each node with its shortest time in milliseconds, in execution order.</summary>
    public IEnumerable<(NodePlan Plan, double Milliseconds)> Shortest => _steps.Select(step => (step.Plan, Stopwatch.GetElapsedTime(0, step.Ticks).TotalMilliseconds));

    /// <summary>Runs a frame and keeps each node's time where it is shorter than before.</summary>
    /// <param name="frame">The frame.</param>
    public void Run(ExecutionFrame frame)
    {
        _step = 0;
        _start = Stopwatch.GetTimestamp();
        frame.Run(this);
    }

    /// <inheritdoc/>
    public void Ran(NodePlan plan, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
    {
        var ticks = Stopwatch.GetTimestamp() - _start;
        if (_step == _steps.Count) _steps.Add((plan, ticks));
        else if (ticks < _steps[_step].Ticks) _steps[_step] = (plan, ticks);
        _step++;
        _start = Stopwatch.GetTimestamp();
    }
}
