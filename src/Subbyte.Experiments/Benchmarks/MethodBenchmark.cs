using Subbyte.Calibration;
using Subbyte.Experiments.Verification;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;

namespace Subbyte.Experiments;

/// <summary>Times the emulation of methods against our own INT8 evaluation of a network, in turns, one thread; and the same layers value by value.</summary>
public static class MethodBenchmark
{
    private const int CalibrationSamples = 16;

    private static readonly Recipe Int8 = Recipe.Parse("int8");

    /// <summary>Times methods. They are calibrated on noise: only speed is looked at.</summary>
    /// <param name="network">The float network.</param>
    /// <param name="recipes">The recipes.</param>
    /// <param name="batch">Samples of one run.</param>
    /// <param name="milliseconds">Time given to each, each runs at least 30 times.</param>
    /// <param name="cancellation">Cancels the runs.</param>
    /// <returns>One result a recipe; INT8 first.</returns>
    /// <exception cref="UserErrorException">The network cannot be run, or a recipe does not fit it.</exception>
    public static IReadOnlyList<MethodTiming> Run(Network network, IReadOnlyList<Recipe> recipes, int batch, double milliseconds, CancellationToken cancellation)
    {
        var shape = ExecutionPlan.Compile(network).InputType.Dimensions[1..].ToArray();
        var calibrator = new Calibrator(new NormalSamples(shape, CalibrationSamples, seed: 1), CalibrationSamples);
        Recipe[] all = [Int8, .. recipes.Where(recipe => recipe.Canonical != Int8.Canonical)];
        var ours = all.Select(recipe => new OwnNetwork(recipe.Apply(network, calibrator, cancellation), batch)).ToArray();
        var timings = Contest.Run([.. ours.Select(own => own.Contender)], milliseconds, cancellation);
        return [.. all.Select((recipe, i) => Result(recipe, timings[i], timings[0], batch, NaiveEvaluation.Time(ours[i].Plan, cancellation)))];
    }

    private static MethodTiming Result(Recipe recipe, Timing timing, Timing int8, int batch, (double Milliseconds, double Share) naive)
        => new(
            recipe.Text,
            timing.MinimumMilliseconds,
            timing.MedianMilliseconds,
            timing.Repeats,
            1000 * batch / timing.MinimumMilliseconds,
            timing.MinimumMilliseconds / int8.MinimumMilliseconds,
            timing.MedianMilliseconds / int8.MedianMilliseconds,
            batch * naive.Milliseconds,
            naive.Share,
            batch * naive.Milliseconds / timing.MinimumMilliseconds);
}
