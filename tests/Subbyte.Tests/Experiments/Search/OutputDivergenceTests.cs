using Subbyte.Experiments;
using Subbyte.Experiments.Search;

namespace Subbyte.Tests.Experiments.Search;

/// <summary>The smooth measure of harm.</summary>
public sealed class OutputDivergenceTests
{
    [Fact]
    public void It_is_the_mean_divergence_of_the_softmax()
    {
        var random = new Random(1);
        var (baseline, run) = (Run(random, 7, 5), Run(random, 7, 5));
        double sum = 0;
        for (var sample = 0; sample < 7; sample++)
        {
            var (p, q) = (Softmax(baseline.Output(sample).ToArray()), Softmax(run.Output(sample).ToArray()));
            sum += p.Zip(q).Sum(pair => pair.First * Math.Log(pair.First / pair.Second));
        }

        OutputDivergence.Of(baseline, run).ShouldBe(sum / 7, 1e-9);
    }

    [Fact]
    public void Equal_outputs_do_not_diverge_and_a_shift_of_all_is_none()
    {
        var run = Run(new Random(2), 4, 6);
        OutputDivergence.Of(run, run).ShouldBe(0, 1e-12);
        OutputDivergence.Of(run, new NetworkRun([.. run.Outputs.Select(value => value + 100)], 6, 1)).ShouldBe(0, 1e-4);
    }

    [Fact]
    public void Outputs_far_apart_stay_finite() => OutputDivergence.Of(new NetworkRun([500f, -500f], 2, 1), new NetworkRun([-500f, 500f], 2, 1)).ShouldBe(1000, 1e-6);

    [Fact]
    public void A_single_output_counts_its_squared_difference() => OutputDivergence.Of(new NetworkRun([1f, 2f], 1, 1), new NetworkRun([3f, 2f], 1, 1)).ShouldBe(2);

    private static NetworkRun Run(Random random, int samples, int length) => new([.. Enumerable.Range(0, samples * length).Select(_ => (float)(random.NextDouble() * 6))], length, 1);

    private static double[] Softmax(float[] values)
    {
        var weights = values.Select(value => Math.Exp(value)).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }
}
