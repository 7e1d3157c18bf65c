using Subbyte.Methods.Training;

namespace Subbyte.Methods.Mlt;

/// <summary>
/// Pruning until the loss of accuracy is no longer negligible (section 3.4): words by magnitude along <c>s_f·(1 − (1 − k/n)³)</c>, then, where asked for, digits of the last
/// level by its threshold. A step that loses more than the tolerance is taken back and halved, four times at most.
/// </summary>
/// <param name="options">Options.</param>
internal sealed class PruningPlan(MltOptions options) : ITrainingPlan
{
    /// <summary>The knob of word sparsity, the same in every layer.</summary>
    public const string Sparsity = "sparsity";

    /// <summary>The knob of word sparsity with one threshold for all layers.</summary>
    public const string NetworkSparsity = "network sparsity";

    /// <summary>The knob of the last level's threshold, in units of its scale.</summary>
    public const string LastThreshold = "last threshold";

    private const int MostHalvings = 4;
    private const double FirstThreshold = 0.5;
    private const double LargestThreshold = 2;
    private const double ThresholdStep = 0.1;

    private readonly double[] _stages = Stages(options);

    /// <inheritdoc/>
    public TrainingPhase? Next(int epochs, IReadOnlyList<PhaseOutcome> outcomes)
    {
        if (outcomes.Count == 0) return new TrainingPhase("train", epochs);
        var state = Replay(outcomes);
        if (state.Word is { } sparsity) return Phase(options.Scope == PruningScope.Network ? NetworkSparsity : Sparsity, sparsity, options.StepEpochs, state.Good);
        return state.Digit is { } threshold ? Phase(LastThreshold, threshold, 1, state.Good) : null;
    }

    /// <inheritdoc/>
    public int Result(IReadOnlyList<PhaseOutcome> outcomes) => Replay(outcomes).Good;

    private static TrainingPhase Phase(string knob, double position, int epochs, int from)
        => new($"{knob} {position:0.###}", epochs) { Knobs = new Dictionary<string, double>(StringComparer.Ordinal) { [knob] = position }, StartFrom = from };

    private static double[] Stages(MltOptions options)
    {
        if (options.Stages.Length == 0)
            return options.Sparsity == 0 ? [] : [.. Enumerable.Range(1, options.Steps).Select(k => options.Sparsity * (1 - Math.Pow(1 - ((double)k / options.Steps), 3)))];
        var stages = options.Stages.Split('/').Select(text => double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var stage) ? stage : -1).ToArray();
        return stages.All(stage => stage is >= 0 and < 1) && stages.SequenceEqual(stages.Order())
            ? stages
            : throw new UserErrorException($"recipe step 'mlt': stages '{options.Stages}' are not sparsities from 0 to below 1 in ascending order, as in 0.7/0.85/0.92");
    }

    /// <summary>Where the pruning stands after some phases: the last good one, and what to try next of words and digits.</summary>
    private (int Good, double? Word, double? Digit) Replay(IReadOnlyList<PhaseOutcome> outcomes)
    {
        var floor = outcomes[0].Accuracy - (options.Tolerance / 100);
        var (good, next) = (0, 1);
        var words = new Ladder(0, _stages);
        for (; next < outcomes.Count && words.Target is not null; next++) Judge(words);
        if (words.Target is { } word) return (good, word, null);
        var count = options.PruneDigits ? (int)Math.Round((LargestThreshold - FirstThreshold) / ThresholdStep) : 0;
        var digits = new Ladder(FirstThreshold, [.. Enumerable.Range(1, count).Select(k => FirstThreshold + (k * ThresholdStep))]);
        for (; next < outcomes.Count && digits.Target is not null; next++) Judge(digits);
        return (good, null, digits.Target);

        void Judge(Ladder ladder)
        {
            var holds = outcomes[next].Accuracy >= floor;
            ladder.Judge(holds);
            if (holds) good = next;
        }
    }

    /// <summary>Positions of a knob in turn; after one that does not hold the steps are halved.</summary>
    private sealed class Ladder(double start, double[] rungs)
    {
        private double _position = start;
        private double _step;
        private int _rung;
        private int _halvings;

        /// <summary>The next position, or null at the end.</summary>
        public double? Target
        {
            get
            {
                if (_halvings > MostHalvings || _rung >= rungs.Length || _position >= rungs[^1]) return null;
                return _halvings == 0 ? rungs[_rung] : Math.Min(_position + _step, rungs[^1]);
            }
        }

        /// <summary>Takes a position, or gives it up.</summary>
        /// <param name="holds">Whether the accuracy held there.</param>
        public void Judge(bool holds)
        {
            var target = Target!.Value;
            if (holds)
            {
                _position = target;
                if (_halvings == 0) _rung++;
                return;
            }

            _step = (target - _position) / 2;
            _halvings++;
        }
    }
}
