using Subbyte.Methods;
using Subbyte.Training;

namespace Subbyte.Experiments.TrainingRuns;

/// <summary>Trains by a recipe, and scores the trained network on the test data.</summary>
/// <param name="task">Recipe, network and data.</param>
/// <param name="threads">Worker threads; they change nothing but the time.</param>
public sealed class TrainingSession(TrainingTask task, int threads)
{
    /// <summary>The options of the run, data and threads filled in.</summary>
    public TrainingOptions Options { get; } = task.Recipe.Options with
    {
        Threads = threads,
        Methods = task.Recipe.Methods(),
        Validation = task.Validation ?? task.Test,
        KeepsBest = task.Validation is not null,
        Augmentation = task.Recipe.Options.Augmentation with { Padding = task.Black },
        Distillation = Teacher(task),
    };

    /// <summary>Trains, or goes on from the folder's checkpoint.</summary>
    /// <param name="folder">Where checkpoints and networks go, or null for none.</param>
    /// <param name="progress">Told where training stands, or null.</param>
    /// <param name="cancellation">Ends training after the present step.</param>
    /// <returns>The trained network, and how it went.</returns>
    /// <exception cref="UserErrorException">The network cannot be trained, or training diverged.</exception>
    public TrainingResult Train(RunFolder? folder, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
        => Trainer.Train(task.Network, task.Train, Options with { Journal = folder }, progress, cancellation);

    /// <summary>Scores a trained network on the test data.</summary>
    /// <param name="result">What training gave.</param>
    /// <param name="modelFile">Name of the file that holds the network.</param>
    /// <param name="cancellation">Cancels the scoring.</param>
    /// <returns>The document that <c>train</c> writes.</returns>
    public ResultDocument Score(TrainingResult result, string modelFile, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(result);
        var applied = Recipe.Parse(Options.Methods.Applied);
        var workbench = new Workbench(EvaluationTask.Of(result.Network, task.TestData, applied.Steps.Count == 0 ? null : task.TrainData, applied.Steps.Count == 0 ? 0 : 1), new EvaluationOptions { Threads = threads });
        var scored = workbench.Run(applied, null, cancellation).Result with { Recipe = task.Recipe.Method, CanonicalRecipe = Recipe.Parse(task.Recipe.Method).Canonical };
        var document = workbench.Document("subbyte.train/1", (int)Options.Seed, [scored]);
        return document with { Model = document.Model with { File = modelFile }, Training = Describe(result) };
    }

    private TrainingDescription Describe(TrainingResult result) => new()
    {
        Recipe = task.Recipe.Name,
        Network = task.Recipe.Network,
        Train = new DataDescription(task.TrainData.Spec, task.TrainData.Split, task.TrainData.Count, task.TrainData.Sha256),
        Validation = task.ValidationData is { } data ? new DataDescription(data.Spec, data.Split, data.Count, data.Sha256) : null,
        Identity = task.Identity,
        Epochs = Options.Epochs,
        IsComplete = result.IsComplete,
        Epoch = result.Epoch,
        Seconds = result.Elapsed.TotalSeconds,
        TestedToo = task.Overlap,
        History = result.History,
    };

    private static Distillation? Teacher(TrainingTask task)
    {
        if (task.Recipe.Teacher is not { } teacher) return null;
        return new Distillation(NetworkFile.Load(Data.PathExpansion.Expand(teacher, task.Recipe.BaseFolder))) { Temperature = task.Recipe.Temperature, Weight = task.Recipe.DistillationWeight };
    }
}
