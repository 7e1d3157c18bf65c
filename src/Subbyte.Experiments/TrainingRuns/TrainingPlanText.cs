using System.Globalization;
using System.Text;

namespace Subbyte.Experiments.TrainingRuns;

/// <summary>What a training would do, in words.</summary>
public static class TrainingPlanText
{
    /// <summary>Describes a training.</summary>
    /// <param name="task">Recipe, network and data.</param>
    /// <param name="session">Its options.</param>
    /// <returns>Lines of text.</returns>
    public static string Of(TrainingTask task, TrainingSession session)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(session);
        var options = session.Options;
        var steps = Math.Max(1, task.Train.Count / Math.Min(options.BatchSize, task.Train.Count));
        var text = new StringBuilder();
        Line($"recipe      {task.Recipe.Name}{(task.Recipe.Description.Length == 0 ? "" : ": " + task.Recipe.Description)}");
        Line($"network     {task.Recipe.Network}: {task.Network.Parameters} parameters, {task.Network.Nodes.Count} nodes");
        Line($"train       {task.TrainData.Spec}: {task.Train.Count} samples, {steps} steps of {Math.Min(options.BatchSize, task.Train.Count)} an epoch");
        Line($"validate    {(task.ValidationData is { } data ? $"{data.Spec}: {data.Count} samples; the best epoch counts" : "none: the last epoch counts")}");
        Line($"test        {task.TestData.Spec}: {task.Test.Count} samples, {task.Overlap} of them trained on");
        Line($"method      {task.Recipe.Method}");
        Line($"optimizer   {options.Optimizer.GetType().Name.Replace("Options", "", StringComparison.Ordinal)}, rate {options.Optimizer.LearningRate}, decay {options.Optimizer.WeightDecay}");
        Line($"schedule    {options.Schedule.GetType().Name.Replace("Schedule", "", StringComparison.Ordinal)}, {options.Epochs} epochs, warm-up {options.Schedule.WarmUpEpochs}");
        Line($"augment     {(options.Augmentation.IsNone ? "nothing" : $"crop {options.Augmentation.Crop}, flip {options.Augmentation.Flip}")}");
        Line($"seed        {options.Seed}");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
