using System.Globalization;
using Subbyte.Experiments.Reproduction.Statistics;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.Kure;
using Subbyte.Methods.Training;

namespace Subbyte.Tests.Methods.Kure;

/// <summary>The specification's vectors and invariants.</summary>
public sealed class KureTests
{
    private static readonly IReadOnlyDictionary<string, VectorRow> Tensors = VectorTable.Read("Methods/Kure/tensors.vectors.txt").ToDictionary(row => row["name"]);

    [Fact]
    public void Kurtoses_penalties_and_derivatives_follow_the_vectors()
    {
        foreach (var row in Tensors.Values)
        {
            var w = row.Floats("w");
            Kurtosis.Of(w).Value.ShouldBe(row.Number("k"), 2e-6, row.ToString());
            Kurtosis.Of(w, KurtosisForm.Sample).Value.ShouldBe(row.Number("ks"), 2e-6, row.ToString());
            var (toKurtosis, toPenalty) = (new float[w.Length], new float[w.Length]);
            Kurtosis.Of(w).AddGradient(w, 1, toKurtosis);
            toKurtosis.ShouldBe(row.Floats("dk"), 2e-5, row.ToString());
            new KureMethod(new KureOptions()).Penalize([w], [toPenalty]).ShouldBe(row.Number("r"), 3e-6, row.ToString());
            toPenalty.ShouldBe(row.Floats("dr"), 2e-5, row.ToString());
        }
    }

    [Theory]
    [InlineData(KureMode.Avg, 0.655790)]
    [InlineData(KureMode.Sum, 1.311580)]
    [InlineData(KureMode.Max, 0.782978)]
    public void Layers_are_combined_as_the_mode_says(KureMode mode, double expected)
    {
        float[][] layers = [Tensors["e"].Floats("w"), Tensors["h"].Floats("w")];
        var regularizer = new KureMethod(new KureOptions { Mode = mode });
        regularizer.Penalize(layers, null).ShouldBe(expected, 2e-6);
        float[][] gradients = [.. layers.Select(layer => new float[layer.Length])];
        regularizer.Penalize(layers, gradients).ShouldBe(expected, 2e-6);
        for (var layer = 0; layer < 2; layer++)
        {
            for (var i = 0; i < layers[layer].Length; i++)
            {
                var at = layers[layer][i];
                layers[layer][i] = at + 1e-3f;
                var above = regularizer.Penalize(layers, null);
                layers[layer][i] = at - 1e-3f;
                var below = regularizer.Penalize(layers, null);
                layers[layer][i] = at;
                ((double)gradients[layer][i]).ShouldBe((above - below) / 2e-3, 3e-3);
            }
        }
    }

    [Fact]
    public void Equally_spaced_points_have_the_kurtosis_of_the_vectors()
    {
        foreach (var row in VectorTable.Read("Methods/Kure/grids.vectors.txt"))
            Kurtosis.Of([.. Enumerable.Range(0, row.Integer("points")).Select(i => (float)i)]).Value.ShouldBe(row.Number("k"), 2e-6);
    }

    [Fact]
    public void A_missed_step_costs_what_the_vectors_say()
    {
        foreach (var row in VectorTable.Read("Methods/Kure/missed-steps.vectors.txt"))
        {
            var statistic = $"missed-step bits={row["bits"]} of={row["of"]}";
            DrawnStatistics.Value(statistic).ShouldBe(row.Number("step"), 1.1e-6, row.ToString());
            foreach (var (error, i) in row.Numbers("errors").Select((error, i) => (error, i)))
                DrawnStatistics.Value(string.Create(CultureInfo.InvariantCulture, $"{statistic} ratio={(7 + i) / 10.0}")).ShouldBe(error, 6e-6, $"{row}, {i}");
        }
    }

    [Fact]
    public void Samples_come_near_the_kurtosis_of_their_distribution()
    {
        var random = new SeededRandom(4);
        Kurtosis.Of([.. Enumerable.Range(0, 100_000).Select(_ => random.NextFloat())]).Value.ShouldBe(1.8, 0.05);
        Kurtosis.Of([.. Enumerable.Range(0, 100_000).Select(_ => (float)random.NextGaussian())]).Value.ShouldBe(3, 0.05);
        Kurtosis.Of([.. Enumerable.Range(0, 100_000).Select(_ => (float)(Math.Log(1 - random.NextFloat()) * (random.Next(2) == 0 ? 1 : -1)))]).Value.ShouldBe(6, 0.5);
    }

    [Fact]
    public void The_flow_of_the_penalty_alone_reaches_the_target()
    {
        var w = Tensors["e"].Floats("w").Select(value => (double)value).ToArray();
        var regularizer = new KureMethod(new KureOptions());
        var done = 0;
        var before = double.PositiveInfinity;
        foreach (var row in VectorTable.Read("Methods/Kure/flow.vectors.txt"))
        {
            for (; done < row.Integer("steps"); done++)
            {
                float[] single = [.. w.Select(value => (float)value)];
                var gradient = new float[w.Length];
                regularizer.Penalize([single], [gradient]);
                for (var i = 0; i < w.Length; i++) w[i] -= 1e-3 * gradient[i];
            }

            var kurtosis = Kurtosis.Of([.. w.Select(value => (float)value)]).Value;
            kurtosis.ShouldBe(row.Number("k"), 5e-6, row.ToString());
            kurtosis.ShouldBeLessThan(before);
            before = kurtosis;
        }
    }

    [Fact]
    public void The_gradient_neither_shifts_nor_scales_the_tensor_and_order_does_not_matter()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            var random = new SeededRandom(seed);
            float[] w = [.. Enumerable.Range(0, 30).Select(_ => (float)random.NextGaussian())];
            var gradient = new float[30];
            var kurtosis = Kurtosis.Of(w);
            kurtosis.AddGradient(w, 1, gradient);
            gradient.Sum(g => (double)g).ShouldBe(0, 1e-4);
            gradient.Zip(w, (g, x) => (double)g * x).Sum().ShouldBe(0, 1e-4);
            kurtosis.Value.ShouldBeGreaterThanOrEqualTo(1);
            Kurtosis.Of([.. w.Select(x => (3 * x) + 2)]).Value.ShouldBe(kurtosis.Value, 1e-4);
            Kurtosis.Of([.. w.Reverse()]).Value.ShouldBe(kurtosis.Value, 1e-9);
        }
    }

    [Fact]
    public void Tensors_without_a_kurtosis_are_left_out()
    {
        var regularizer = new KureMethod(new KureOptions());
        var gradient = new float[4];
        regularizer.Penalize([[2, 2, 2, 2], [1]], [gradient, new float[1]]).ShouldBe(0);
        gradient.ShouldAllBe(g => g == 0);
        var layer = new TrainableLayer { Name = "conv", Index = 0, Count = 3, Kind = LayerKind.Convolution, Outputs = 1, Depth = 4 };
        new[] { 0, 1, 2 }.Select(index => regularizer.Covers(layer with { Index = index })).ShouldBe([false, true, false]);
    }
}
