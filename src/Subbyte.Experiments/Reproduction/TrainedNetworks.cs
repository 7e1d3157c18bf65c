using Subbyte.Experiments.TrainingRuns;
using Subbyte.Onnx;

namespace Subbyte.Experiments.Reproduction;

/// <summary>Networks that experiments train: by recipe, method and seed, from the store where it holds them.</summary>
/// <param name="store">Where trained networks are kept.</param>
/// <param name="threads">Worker threads.</param>
internal sealed class TrainedNetworks(ResultStore store, int threads)
{
    private readonly Dictionary<string, Workbench> _benches = new(StringComparer.Ordinal);

    /// <summary>The experiment's recipe as it names one: a training method, and after a bar what is applied to the trained network.</summary>
    /// <param name="recipe">As in <c>kure | uniform:w=3</c>.</param>
    /// <returns>Both parts; the second is <c>fp32</c> where there is none.</returns>
    public static (string Method, string Applied) Parts(string recipe)
    {
        var parts = recipe.Split(" | ", 2, StringSplitOptions.TrimEntries);
        return (parts[0], parts.Length > 1 ? parts[1] : "fp32");
    }

    /// <summary>The network of one seed, with the recipe's test data to judge it by and its training data to calibrate on.</summary>
    /// <param name="experiment">The experiment; it names a training recipe.</param>
    /// <param name="method">The training method.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="cancellation">Cancels the training; nothing is stored then.</param>
    /// <returns>The workbench.</returns>
    public Workbench Bench(Experiment experiment, string method, int seed, CancellationToken cancellation)
    {
        var recipe = Recipe(experiment, method, seed);
        var key = $"{recipe.Text}\n{recipe.Name}\n{method}\n{seed}\n{recipe.Options.Epochs}\n{experiment.TrainLimit}";
        var benchKey = $"{key}\n{experiment.Limit}\n{experiment.CostSamples}\n{experiment.CalibrationSamples}";
        if (_benches.TryGetValue(benchKey, out var known)) return known;
        var task = TrainingTask.Open(recipe, experiment.TrainLimit);
        var file = store.TrainedNetwork([key, task.Identity]);
        if (!File.Exists(file))
        {
            var trained = new TrainingSession(task, threads).Train(null, null, cancellation);
            cancellation.ThrowIfCancellationRequested();
            OnnxNetwork.Save(trained.Network, file);
        }

        var network = OnnxNetwork.Load(file);
        var evaluation = EvaluationTask.Of(network, task.TestData, task.TrainData, experiment.CalibrationSamples ?? Calibration.Calibrator.DefaultSamples);
        var options = new EvaluationOptions { Threads = threads, Limit = experiment.Limit };
        return _benches[benchKey] = new Workbench(evaluation, experiment.CostSamples is { } count ? options with { CostSamples = count } : options);
    }

    private static TrainingRecipe Recipe(Experiment experiment, string method, int seed)
    {
        var recipe = TrainingRecipe.Find(experiment.Train!);
        return recipe with
        {
            Method = method,
            Sizes = recipe.Sizes with { Seed = (ulong)seed },
            Options = recipe.Options with { Seed = (ulong)seed, Epochs = experiment.Epochs ?? recipe.Options.Epochs },
        };
    }
}
