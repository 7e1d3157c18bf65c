using Subbyte.Methods;
using Subbyte.Networks;

namespace Subbyte.Experiments.Reproduction;

/// <summary>Measures one experiment on an open workbench; results that the store holds are taken from it.</summary>
/// <param name="experiment">The experiment.</param>
/// <param name="bench">Network and data.</param>
/// <param name="store">Where results are kept.</param>
/// <param name="progress">Told how far a recipe's run has come, or null.</param>
/// <param name="cancellation">Cancels the measurement.</param>
internal sealed class Measurement(Experiment experiment, Workbench bench, ResultStore store, Action<EvaluationProgress>? progress, CancellationToken cancellation)
{
    /// <summary>Samples on which figures of layers are measured when nobody says how many.</summary>
    private const int LayerSamples = 100;

    /// <summary>Multiply-accumulates of the whole network, which every recipe has; the others are those of its method.</summary>
    private const string Macs = "macs";

    /// <summary>The figure: the recipe's measure, less that of the recipe that counts as 0, over that of the recipe that counts as 1.</summary>
    /// <returns>The figure.</returns>
    public double Value()
    {
        var values = Values(experiment.Recipe);
        double[]? zero = experiment.Against is { } against ? Values(against) : null;
        if (zero is not null) values = [.. values.Zip(zero, (value, none) => value - none)];
        if (experiment.Over is { } over) values = [.. values.Zip(Values(over).Select((value, i) => value - (zero?[i] ?? 0)), (value, whole) => value / whole)];
        return experiment.Across == Across.Most ? values.Max() : values.Min();
    }

    /// <summary>One figure for each layer; a mean or a total is one already, so that ratios are those of means.</summary>
    private double[] Values(string recipe)
    {
        var figures = Figures(recipe);
        if (experiment.Across == Across.Total) figures = new LayerFigures([figures.Measured.Sum()], [figures.Reference.Sum()]);
        var values = experiment.Measure == Measure.SumDecibels ? figures.Decibels() : figures.Ratios();
        return experiment.Across is Across.Least or Across.Most ? values : [values.Average()];
    }

    /// <summary>One figure for each layer, or one for the network.</summary>
    private LayerFigures Figures(string text)
    {
        var recipe = Recipe.Parse(text);
        var samples = Math.Min(experiment.CostSamples ?? LayerSamples, bench.Samples);
        return experiment.Measure switch
        {
            Measure.SumError or Measure.SumDecibels => store.Get(bench, recipe, ["sums", Recipe.Parse(experiment.Exact!).Canonical, $"{samples}"], () => Sums(recipe, samples)),
            Measure.LayerOperation => store.Get(bench, recipe, [experiment.Operation ?? "", experiment.Per ?? "", experiment.Exact ?? "", $"{samples}"], () => Operations(recipe, samples)),
            Measure.WeightError => store.Get(bench, recipe, ["weights", $"{Patches}"], () => WeightErrors.Of(bench.Apply(recipe, cancellation), Patches)),
            Measure.WeightRounding => store.Get(bench, recipe, ["rounding"], () => WeightErrors.Rounding(bench.Apply(recipe, cancellation))),
            Measure.CodeError => store.Get(bench, recipe, ["codes", $"{Patches}"], () => CodeErrors.Of(bench.Apply(recipe, cancellation), Patches)),
            Measure.ActivationError => store.Get(bench, recipe, ["activations", $"{Patches}"], () => CodeErrors.OfActivations(bench.Apply(recipe, cancellation), Patches)),
            Measure.PackedMemory => store.Get(bench, recipe, ["packed"], () => PackedMemory.Of(bench.Apply(recipe, cancellation))),
            Measure.Kurtosis => LayerKurtoses.Of(bench.Task.Network, null),
            Measure.KurtosisDistance => LayerKurtoses.Of(bench.Task.Network, Methods.Kure.Kurtosis.Uniform),
            _ => new LayerFigures([Network(store.Get(bench, recipe, progress, cancellation))], [1]),
        };
    }

    private int Patches => experiment.Patches ?? Lowering.PatchRows.DefaultCount;

    private LayerFigures Sums(Recipe recipe, int samples)
    {
        var errors = new SumErrors(bench.Apply(recipe, cancellation));
        LayerRuns.Observe(bench, bench.Apply(Recipe.Parse(experiment.Exact!), cancellation), samples, errors);
        return errors.Figures;
    }

    private LayerFigures Operations(Recipe recipe, int samples)
    {
        LowBitNetwork? running = experiment.Exact is { } exact ? bench.Apply(Recipe.Parse(exact), cancellation) : null;
        return LayerOperations.Of(bench, bench.Apply(recipe, cancellation), running, experiment.Operation ?? "cycles", experiment.Per!, samples);
    }

    private double Network(RecipeResult result) => experiment.Measure switch
    {
        Measure.Top1 => 100 * result.Value,
        Measure.Agreement => 100 * result.Agreement,
        Measure.Perplexity => result.Value,
        Measure.Cycles => result.Cost.Cycles,
        Measure.Energy => result.Cost.EnergyPicojoules,
        Measure.Ratio => Operation(result, experiment.Operation) / Operation(result, experiment.Per),
        Measure.Operation => experiment.Per is { } per ? 100 * Operation(result, experiment.Operation) / Operation(result, per) : Operation(result, experiment.Operation),
        _ => result.Correct,
    };

    private double Operation(RecipeResult result, string? name)
        => name == Macs ? result.Cost.Macs : result.Cost.Operations.TryGetValue(name ?? "", out var count)
            ? count
            : throw new UserErrorException($"experiment '{experiment.Name}': recipe '{result.Recipe}' counts no operation '{name}', but {string.Join(", ", result.Cost.Operations.Keys)}");
}
