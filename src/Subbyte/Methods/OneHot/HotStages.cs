using Subbyte.Methods.Training;

namespace Subbyte.Methods.OneHot;

/// <summary>Stages of retraining, from many hot bits to few: 7, 3, 2, and those below down to what is asked for.</summary>
/// <param name="hot">Most hot bits at the end.</param>
/// <param name="epochs">Epochs of each stage but the last.</param>
internal sealed class HotStages(int hot, int epochs) : ITrainingPlan
{
    /// <summary>The knob.</summary>
    public const string Knob = "hot bits";

    private readonly int[] _stages = [.. new[] { 7, 3, 2, 1 }.Where(stage => stage > hot), hot];

    /// <inheritdoc/>
    public TrainingPhase? Next(int recipeEpochs, IReadOnlyList<PhaseOutcome> outcomes)
    {
        if (outcomes.Count == _stages.Length) return null;
        var stage = _stages[outcomes.Count];
        return new TrainingPhase($"{stage}-hot", outcomes.Count == _stages.Length - 1 ? recipeEpochs : epochs)
        {
            Knobs = new Dictionary<string, double>(StringComparer.Ordinal) { [Knob] = stage },
        };
    }
}
