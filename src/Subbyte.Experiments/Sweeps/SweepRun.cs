using Subbyte.Data.Workloads;
using Subbyte.Experiments.Reproduction;
using Subbyte.Methods;

namespace Subbyte.Experiments.Sweeps;

/// <summary>Runs a sweep; results that the store holds are taken from it, so a run that was stopped goes on where it was.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="store">Where results are kept.</param>
/// <param name="threads">Worker threads.</param>
/// <param name="seed">Seed that documents state.</param>
public sealed class SweepRun(Sweep sweep, ResultStore store, int threads, int seed)
{
    /// <summary>Samples on which the noise of each layer is measured: it is in the JSON alone, beside many recipes.</summary>
    private const int NoiseSamples = 16;

    /// <summary>Runs the sections.</summary>
    /// <param name="name">Name of the sweep.</param>
    /// <param name="step">Told of each recipe; gives what is told of its progress, or null.</param>
    /// <param name="cancellation">Ends the run; sections that are complete are kept.</param>
    /// <returns>The results.</returns>
    public SweepDocument Execute(string name, Func<string, Action<EvaluationProgress>?> step, CancellationToken cancellation)
    {
        var results = new List<SweepResult>();
        foreach (var section in sweep.Sections)
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                results.Add(Run(section, step, cancellation));
            }
            catch (OperationCanceledException) when (results.Count > 0)
            {
                break;
            }
        }

        return new SweepDocument(name, sweep.Title, results);
    }

    private SweepResult Run(SweepSection section, Func<string, Action<EvaluationProgress>?> step, CancellationToken cancellation)
    {
        Workbench bench;
        try
        {
            var workload = Workload.Find(section.Workload);
            var task = EvaluationTask.Load(workload.ModelPath, workload.FindPreprocessing(), workload.OpenData(), workload.OpenCalibration(), section.CalibrationSamples);
            bench = new Workbench(task, new EvaluationOptions { Threads = threads, Limit = section.Limit, NoiseSamples = NoiseSamples });
        }
        catch (UserErrorException missing)
        {
            return new SweepResult(section.Title, section.Workload, null, [], missing.Message);
        }

        var (results, leftOut) = (new List<RecipeResult>(), new List<LeftOutRecipe>());
        foreach (var recipe in section.Recipes.Select(Recipe.Parse).Where(recipe => recipe.Steps.Count > 0).Prepend(Recipe.Float))
        {
            try
            {
                results.Add(store.Get(bench, recipe, step($"{section.Title}: {recipe.Text}"), cancellation) with { Recipe = recipe.Text });
            }
            catch (UserErrorException misfit) when (recipe.Steps.Count > 0)
            {
                leftOut.Add(new LeftOutRecipe(recipe.Text, misfit.Message));
            }
        }

        return new SweepResult(section.Title, section.Workload, bench.Document("subbyte.compare/1", seed, results), leftOut, null);
    }
}
