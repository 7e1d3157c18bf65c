using System.Diagnostics;
using Subbyte.Kernels;
using Subbyte.Methods.Training;
using Subbyte.Networks;

namespace Subbyte.Training;

/// <summary>One training from its first step, or its latest checkpoint, to its last.</summary>
internal sealed partial class TrainingRun
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);

    private readonly LabeledSamples _data;
    private readonly TrainingOptions _options;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly WorkerTeam _team;
    private readonly TrainingGraph _graph;
    private readonly int[] _order;
    private readonly int _batch;
    private readonly int _stepsPerEpoch;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Stopwatch _sinceReport = Stopwatch.StartNew();
    private readonly Stopwatch _sinceCheckpoint = Stopwatch.StartNew();
    private readonly List<float[][]> _ends = [];
    private TrainingPosition _position = new();
    private TrainingPhase _phase = new("", 0);
    private Optimizer _optimizer;
    private Action<int, int> _move;
    private float[][]? _best;
    private double _epochSeconds;
    private long _stepsHere;

    /// <summary>Prepares a training.</summary>
    /// <param name="network">The network to start from.</param>
    /// <param name="data">Training samples.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told where it stands, or null.</param>
    public TrainingRun(Network network, LabeledSamples data, TrainingOptions options, IProgress<TrainingProgress>? progress)
    {
        (_data, _options, _progress) = (data, options, progress);
        _team = new WorkerTeam(options.Threads);
        _batch = data.Streams > 0 ? data.Streams : Math.Min(options.BatchSize, data.Count);
        var masks = options.Methods.Masks(network, data.Samples, options.Threads);
        _graph = new TrainingGraph(network, Math.Max(_batch, options.Validation?.Streams ?? 0), options.LabelSmoothing, _team, options.Methods, data.LabelsPerSample, masks) { Augmentation = options.Augmentation };
        _graph.Pass.Seed = options.Seed;
        _graph.Check(data);
        if (options.Validation is not null) _graph.Check(options.Validation);
        options.Augmentation.Check(data.Samples.SampleShape);
        if (options.Distillation is { } distillation) _graph.Learn(distillation);
        _order = [.. Enumerable.Range(0, data.Count)];
        _stepsPerEpoch = data.Count / _batch;
        (_optimizer, _move) = StartOptimizer();
    }

    /// <summary>Trains.</summary>
    /// <param name="cancellation">Ends it after the present step.</param>
    /// <returns>The network and how it went.</returns>
    public TrainingResult Run(CancellationToken cancellation)
    {
        if (!Resume()) _graph.InitializeQuantizers(_data, _order.AsSpan(0, _batch), _options.Seed);
        while (NextPhase() is { } phase)
        {
            if (!RunPhase(phase, cancellation)) return Result(isComplete: false);
        }

        return Result(isComplete: true);
    }

    private TrainingPhase? NextPhase()
    {
        if (_options.Methods.Plan is { } plan) return plan.Next(_options.Epochs, Outcomes());
        return _position.Ends.Count == 0 ? new TrainingPhase("", _options.Epochs) : null;
    }

    private List<PhaseOutcome> Outcomes()
    {
        var outcomes = new List<PhaseOutcome>();
        foreach (var end in _position.Ends)
            outcomes.Add(new PhaseOutcome(_options.Methods.Plan!.Next(_options.Epochs, outcomes)!, end.Accuracy, end.Loss ?? double.NaN));
        return outcomes;
    }

    private bool RunPhase(TrainingPhase phase, CancellationToken cancellation)
    {
        _phase = phase;
        if (_position is { PhaseEpochs: 0, EpochSteps: 0 })
        {
            if (phase.StartFrom is { } start) _graph.Restore(_ends[start]);
            _graph.Turn(phase.Knobs);
            (_optimizer, _move) = StartOptimizer();
            if (phase.Epochs == 0) Judge();
        }

        while (_position.PhaseEpochs < phase.Epochs)
        {
            if (!RunEpoch(cancellation)) return false;
            _position.PhaseEpochs++;
            _position.Epochs++;
            _position.EpochSteps = 0;
            Judge();
            if (_position.PhaseEpochs < phase.Epochs) SaveCheckpoint();
        }

        EndPhase();
        return true;
    }

    private void EndPhase()
    {
        var last = _position.History[^1];
        _position.Ends.Add(new PhaseEnd(last.ValidationAccuracy ?? last.Accuracy ?? 0, last.Loss));
        if (_options.Methods.Plan is not null) _ends.Add(_graph.Snapshot());
        (_position.Phase, _position.PhaseEpochs, _position.PhaseSteps) = (_position.Phase + 1, 0, 0);
        SaveCheckpoint();
    }

    /// <summary>Runs an epoch, or what is left of it.</summary>
    /// <returns>False when it was cancelled before its end.</returns>
    private bool RunEpoch(CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return false;
        if (_position.EpochSteps == 0)
        {
            (_position.Loss, _position.Correct, _position.Samples) = (0, 0, 0);
            _graph.BeginEpoch();
            _graph.ResetMemory();
        }

        Shuffle(_position.Epochs + 1);
        _epochSeconds = _clock.Elapsed.TotalSeconds;
        while (_position.EpochSteps < _stepsPerEpoch)
        {
            Step(_order.AsSpan(_position.EpochSteps * _batch, _batch));
            if (_sinceReport.Elapsed >= ReportInterval) Report();
            if (_position.EpochSteps == _stepsPerEpoch) break;
            var isCancelled = cancellation.IsCancellationRequested;
            if (isCancelled || _sinceCheckpoint.Elapsed >= (_options.Journal?.Interval ?? TimeSpan.MaxValue)) SaveCheckpoint();
            if (isCancelled) return false;
        }

        return true;
    }

    /// <summary>Brings the samples into the order of an epoch; those of a text stay as they are.</summary>
    private void Shuffle(int epoch)
    {
        if (_data.Streams == 0) new SeededRandom(_options.Seed, (ulong)epoch).Shuffle<int>(_order);
    }

    private double Rate(long phaseStep)
        => _options.Optimizer.LearningRate * _phase.LearningRateFactor * _options.Schedule.FactorAt(phaseStep, _stepsPerEpoch, Math.Max(1, _phase.Epochs));

    private void Step(ReadOnlySpan<int> indices)
    {
        var rate = Rate(_position.PhaseSteps);
        _graph.Pass.Step = _position.Steps;
        _graph.BeginStep();
        var (loss, correct) = _graph.ComputeGradients(_data, indices);
        if (!double.IsFinite(loss)) throw Diverged(loss / indices.Length / _data.LabelsPerSample, rate);
        if (_options.GradientClip > 0) _graph.ClipGradients(_options.GradientClip);
        _optimizer.Begin(rate);
        _team.Run(_optimizer.Count, _move);
        _graph.TakeStatistics();
        _position.Loss += loss;
        _position.Correct += correct;
        _position.Samples += indices.Length * _data.LabelsPerSample;
        _position.EpochSteps++;
        _position.PhaseSteps++;
        _position.Steps++;
        _stepsHere++;
    }

    private UserErrorException Diverged(double loss, double rate)
    {
        var kept = _options.Journal is null || _position.Steps == 0 ? "" : "; the latest checkpoint and the networks beside it are from before";
        return new UserErrorException($"training diverged: the loss of epoch {_position.Epochs + 1}, step {_position.EpochSteps + 1} is {loss}; a learning rate below {rate} or a longer warm-up may help{kept}");
    }

    private (Optimizer Optimizer, Action<int, int> Move) StartOptimizer()
    {
        var optimizer = _options.Optimizer.Start(_graph.Parameters);
        return (optimizer, (parameter, _) =>
        {
            if ((_graph.Parameters[parameter].Part & _phase.Trains) != 0) optimizer.Move(parameter);
        }
        );
    }

    private void Judge()
    {
        _graph.BeginStep();
        var metrics = new EpochMetrics
        {
            Phase = _phase.Name,
            Epoch = _position.Epochs,
            LearningRate = _phase.Epochs == 0 ? 0 : Rate(_position.PhaseSteps - 1),
            Loss = _phase.Epochs == 0 ? null : Mean(_position.Loss),
            Accuracy = _phase.Epochs == 0 ? null : Mean(_position.Correct),
            Histograms = _options.Journal is null ? [] : _graph.Histograms(),
        };
        var isBest = false;
        if (_options.Validation is { } validation)
        {
            var (loss, accuracy) = Trainer.Judge(_graph, validation, _batch);
            metrics = metrics with { ValidationLoss = loss, ValidationAccuracy = accuracy };
            isBest = _options.KeepsBest && _options.Methods.Plan is null && (!_position.HasBest || accuracy >= _position.BestAccuracy);
            if (isBest) (_best, _position.HasBest, _position.BestAccuracy, _position.BestEpoch) = (_graph.Snapshot(), true, accuracy, _position.Epochs);
        }

        _position.History.Add(metrics with { Seconds = _clock.Elapsed.TotalSeconds - _epochSeconds });
        if (_phase.Epochs > 0) Report();
        _options.Journal?.EpochEnded(_position.History, isBest, _graph.Export);
    }

    private TrainingResult Result(bool isComplete)
    {
        var (loss, accuracy) = (Mean(_position.Loss), Mean(_position.Correct));
        var epoch = _position.HasBest ? _position.BestEpoch : _position.Epochs;
        if (_best is not null) _graph.Restore(_best);
        else if (isComplete && _options.Methods.Plan is { } plan) _graph.Restore(_ends[plan.Result(Outcomes())]);
        var last = _position.History.LastOrDefault()?.ValidationAccuracy;
        return new TrainingResult(_graph.Export(), isComplete, epoch, loss, accuracy, _position.HasBest ? _position.BestAccuracy : last, _clock.Elapsed)
        {
            History = _position.History,
            Layers = _graph.TrainedLayers(),
        };
    }

    private void Report()
    {
        _sinceReport.Restart();
        var epochs = Math.Max(_phase.Epochs, 1);
        var total = (long)epochs * _stepsPerEpoch;
        var seconds = _clock.Elapsed.TotalSeconds;
        _progress?.Report(new TrainingProgress
        {
            Phase = _phase.Name,
            Epoch = _position.PhaseEpochs + (_position.EpochSteps > 0 ? 1 : 0),
            Epochs = epochs,
            Step = _position.PhaseSteps,
            Steps = total,
            Loss = Mean(_position.Loss),
            Accuracy = Mean(_position.Correct),
            ValidationAccuracy = _position.History.LastOrDefault()?.ValidationAccuracy,
            LearningRate = Rate(Math.Max(0, _position.PhaseSteps - 1)),
            SamplesPerSecond = _stepsHere * _batch * _data.LabelsPerSample / seconds,
            Remaining = TimeSpan.FromSeconds(seconds * (total - _position.PhaseSteps) / Math.Max(1, _stepsHere)),
        });
    }

    private double Mean(double sum) => sum / Math.Max(1, _position.Samples);
}
