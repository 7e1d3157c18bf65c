using System.Diagnostics;
using Subbyte.Kernels;
using Subbyte.Networks;

namespace Subbyte.Training;

/// <summary>One training from its first step to its last.</summary>
internal sealed class TrainingRun
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);

    private readonly LabeledSamples _data;
    private readonly TrainingOptions _options;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly WorkerTeam _team;
    private readonly TrainingGraph _graph;
    private readonly Optimizer _optimizer;
    private readonly Action<int, int> _move;
    private readonly int[] _order;
    private readonly int _batch;
    private readonly int _stepsPerEpoch;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Stopwatch _sinceReport = Stopwatch.StartNew();
    private float[][]? _best;
    private double? _bestAccuracy;
    private double? _validationAccuracy;
    private int _bestEpoch;
    private double _epochLoss;
    private int _epochCorrect;
    private int _epochSamples;

    /// <summary>Prepares a training.</summary>
    /// <param name="network">The network to start from.</param>
    /// <param name="data">Training samples.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told where it stands, or null.</param>
    public TrainingRun(Network network, LabeledSamples data, TrainingOptions options, IProgress<TrainingProgress>? progress)
    {
        (_data, _options, _progress) = (data, options, progress);
        _team = new WorkerTeam(options.Threads);
        _batch = Math.Min(options.BatchSize, data.Count);
        _graph = new TrainingGraph(network, _batch, options.LabelSmoothing, _team);
        _graph.Check(data);
        if (options.Validation is not null) _graph.Check(options.Validation);
        _optimizer = options.Optimizer.Start(_graph.Parameters);
        _move = (parameter, _) => _optimizer.Move(parameter);
        _order = [.. Enumerable.Range(0, data.Count)];
        _stepsPerEpoch = data.Count / _batch;
    }

    /// <summary>Trains.</summary>
    /// <param name="cancellation">Ends it after the present step.</param>
    /// <returns>The network and how it went.</returns>
    public TrainingResult Run(CancellationToken cancellation)
    {
        var completed = 0;
        while (completed < _options.Epochs && RunEpoch(completed + 1, cancellation))
            Judge(++completed);

        if (_best is not null) _graph.Restore(_best);
        return new TrainingResult(
            _graph.Export(), completed == _options.Epochs, _best is null ? completed : _bestEpoch, Mean(_epochLoss), Mean(_epochCorrect), _bestAccuracy, _clock.Elapsed);
    }

    /// <summary>Runs an epoch.</summary>
    /// <returns>False when it was cancelled before its end.</returns>
    private bool RunEpoch(int epoch, CancellationToken cancellation)
    {
        (_epochLoss, _epochCorrect, _epochSamples) = (0, 0, 0);
        new SeededRandom(_options.Seed, (ulong)epoch).Shuffle<int>(_order);
        for (var step = 0; step < _stepsPerEpoch; step++)
        {
            if (cancellation.IsCancellationRequested) return false;
            var done = ((long)(epoch - 1) * _stepsPerEpoch) + step;
            var rate = _options.Optimizer.LearningRate * _options.Schedule.FactorAt(done, _stepsPerEpoch, _options.Epochs);
            Step(_order.AsSpan(step * _batch, _batch), rate, epoch, step);
            if (_sinceReport.Elapsed >= ReportInterval) Report(epoch, done + 1, rate);
        }

        return true;
    }

    private void Step(ReadOnlySpan<int> indices, double rate, int epoch, int step)
    {
        var (loss, correct) = _graph.ComputeGradients(_data, indices);
        if (!double.IsFinite(loss))
            throw new UserErrorException($"training diverged: the loss of epoch {epoch}, step {step + 1} is {loss / indices.Length}; a learning rate below {rate} or a longer warm-up may help");
        _epochLoss += loss;
        _epochCorrect += correct;
        _epochSamples += indices.Length;
        _optimizer.Begin(rate);
        _team.Run(_optimizer.Count, _move);
    }

    private void Judge(int epoch)
    {
        if (_options.Validation is { } validation)
        {
            _validationAccuracy = Trainer.Accuracy(_graph, validation, _batch);
            if (_bestAccuracy is null || _validationAccuracy >= _bestAccuracy)
                (_best, _bestAccuracy, _bestEpoch) = (_graph.Snapshot(), _validationAccuracy, epoch);
        }

        Report(epoch, (long)epoch * _stepsPerEpoch, _options.Optimizer.LearningRate * _options.Schedule.FactorAt(((long)epoch * _stepsPerEpoch) - 1, _stepsPerEpoch, _options.Epochs));
    }

    private void Report(int epoch, long steps, double rate)
    {
        _sinceReport.Restart();
        var total = (long)_options.Epochs * _stepsPerEpoch;
        _progress?.Report(new TrainingProgress
        {
            Epoch = epoch,
            Epochs = _options.Epochs,
            Step = steps,
            Steps = total,
            Loss = Mean(_epochLoss),
            Accuracy = Mean(_epochCorrect),
            ValidationAccuracy = _validationAccuracy,
            LearningRate = rate,
            SamplesPerSecond = steps * _batch / _clock.Elapsed.TotalSeconds,
            Remaining = _clock.Elapsed * ((double)(total - steps) / steps),
        });
    }

    private double Mean(double sum) => sum / Math.Max(1, _epochSamples);
}
