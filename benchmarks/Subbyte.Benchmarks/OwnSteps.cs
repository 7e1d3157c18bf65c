using Subbyte.Training;

namespace Subbyte.Benchmarks;

/// <summary>Our own training steps: forward, backward, and the steps of SGD with momentum.</summary>
internal sealed class OwnSteps
{
    private const int WarmUp = 20;

    private readonly TrainingTask _task;
    private readonly WorkerTeam _team;
    private readonly TrainingGraph _graph;
    private readonly Optimizer _optimizer;
    private readonly int[] _indices;

    /// <summary>Begins a training.</summary>
    /// <param name="task">What is trained.</param>
    /// <param name="threads">Threads.</param>
    public OwnSteps(TrainingTask task, int threads)
    {
        (_task, _team) = (task, new WorkerTeam(threads));
        _graph = new TrainingGraph(task.Network, task.Batch, 0, _team, null, task.Data.LabelsPerSample);
        _optimizer = new SgdOptions().Start(_graph.Parameters);
        _indices = [.. Enumerable.Range(0, task.Batch)];
    }

    /// <summary>Makes a step.</summary>
    public void Step() => Loss();

    /// <summary>Makes steps.</summary>
    /// <param name="steps">How many.</param>
    /// <returns>The mean loss before each.</returns>
    public double[] Losses(int steps) => [.. Enumerable.Range(0, steps).Select(_ => Loss())];

    /// <summary>Makes steps and takes the time of each operator.</summary>
    /// <param name="steps">How many.</param>
    /// <returns>Where the time goes.</returns>
    public PassProfile Profile(int steps)
    {
        for (var step = 0; step < WarmUp; step++) Step();
        _graph.Profile = new PassProfile(_team.Count);
        for (var step = 0; step < steps; step++)
        {
            Step();
            _graph.Profile.EndStep();
        }

        return _graph.Profile;
    }

    private double Loss()
    {
        var (loss, _) = _graph.ComputeGradients(_task.Data, _indices);
        _optimizer.Begin(0.01);
        _team.Run(_optimizer.Count, (parameter, _) => _optimizer.Move(parameter));
        return loss / (_task.Batch * _task.Data.LabelsPerSample);
    }
}
