using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;
using Subbyte.Tests.Networks;
using PatchRows = Subbyte.Tests.Networks.PatchRows;

namespace Subbyte.Tests.Calibration;

/// <summary>Statistics of layer inputs against a computation over all of them at once.</summary>
public sealed class CalibratorTests
{
    private const int Samples = 9;

    [Fact]
    public void Statistics_are_those_of_the_inputs_that_the_layers_see()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var (network, samples) = Draw(seed);
            var inputs = new Inputs();
            var frame = new ExecutionFrame(ExecutionPlan.Compile(network));
            for (var sample = 0; sample < Samples; sample++)
            {
                samples.Read(sample, frame.Input.AsSpan<float>());
                frame.Run(inputs);
            }

            foreach (var layer in new Calibrator(samples, Samples).For(network).Layers)
            {
                var (maps, statistics) = (inputs.Maps[layer.Name], layer.Input);
                var values = maps.SelectMany(map => map).ToArray();
                statistics.Samples.ShouldBe(Samples);
                (statistics.Minimum, statistics.Maximum).ShouldBe((values.Min(), values.Max()));
                statistics.IsNonNegative.ShouldBe(values.Min() >= 0);
                statistics.MeanSampleMaximum.ShouldBe(maps.Average(map => (double)map.Max()), 1e-12);
                statistics.AbsoluteHistogram.ToArray().ShouldBe(AbsoluteHistogram.Of(values).Counts.ToArray());
                CheckMoments(layer, inputs, maps);
            }
        }
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        var (network, samples) = Draw(seed: 1);
        var one = Text(new Calibrator(samples, Samples, threads: 1).For(network).Layers);
        for (var run = 0; run < 3; run++) Text(new Calibrator(samples, Samples, threads: 3).For(network).Layers).ShouldBe(one);
    }

    [Fact]
    public void No_more_samples_are_used_than_asked_for_or_there_are()
    {
        var (network, samples) = Draw(seed: 1);
        new Calibrator(samples, 4).Count.ShouldBe(4);
        new Calibrator(samples, 400).Count.ShouldBe(samples.Count);
        new Calibrator(samples, 4).For(network).Layers[0].Input.Samples.ShouldBe(4);
        Should.Throw<UserErrorException>(() => new Calibrator(new MemorySamples([], 3))).Message.ShouldContain("at least one sample");
        Should.Throw<UserErrorException>(() => new Calibrator(samples, 0)).Message.ShouldContain("at least one sample");
    }

    private static void CheckMoments(DotProductLayer layer, Inputs inputs, List<float[]> maps)
    {
        var g = inputs.Plans[layer.Name].Geometry;
        for (var group = 0; group < g.Groups; group++)
        {
            var rows = maps.SelectMany(map => Enumerable.Range(0, g.Positions).Select(position => PatchRows.Gather(map, g, group, position, 0f))).ToArray();
            layer.Input.Patches(group, rows.Length + 1).Values.ShouldBe(rows.SelectMany(row => row));
            var drawn = layer.Input.Patches(group, 7);
            drawn.Count.ShouldBe(Math.Min(7, rows.Length));
            for (var i = 0; i < drawn.Count; i++) rows.Any(row => row.AsSpan().SequenceEqual(drawn.Row(i))).ShouldBeTrue();
            var moments = layer.Input.Moments(group);
            for (var i = 0; i < g.Depth; i += Math.Max(1, g.Depth / 7))
            {
                var mean = rows.Average(row => (double)row[i]);
                moments.Mean[i].ShouldBe(mean, 1e-9 * (1 + Math.Abs(mean)));
                for (var j = 0; j < g.Depth; j += Math.Max(1, g.Depth / 5))
                {
                    var other = rows.Average(row => (double)row[j]);
                    var covariance = rows.Average(row => (row[i] - mean) * (row[j] - other));
                    var scale = Math.Sqrt(rows.Average(row => (double)row[i] * row[i]) * rows.Average(row => (double)row[j] * row[j]));
                    moments.Covariance[(i * g.Depth) + j].ShouldBe(covariance, 1e-12 + (1e-9 * scale));
                }
            }
        }
    }

    private static string Text(IEnumerable<DotProductLayer> layers) => string.Join('\n', layers.Select(layer =>
        $"{layer.Name} {layer.Input.Minimum:R} {layer.Input.Maximum:R} {layer.Input.MeanSampleMaximum:R} {string.Join(",", layer.Input.AbsoluteHistogram.ToArray())} {string.Join(",", layer.Input.Patches(0, 20).Values)} {string.Join(",", layer.Input.Moments(0).Covariance.Select(value => value.ToString("R")))}"));

    private static (Subbyte.Networks.Network Network, MemorySamples Samples) Draw(int seed)
    {
        var random = new Random(seed);
        var network = RandomNetwork.Draw(random);
        return (network, RandomNetwork.Samples(network, random, Samples));
    }

    /// <summary>Keeps every layer's input maps.</summary>
    private sealed class Inputs : IExecutionObserver
    {
        public Dictionary<string, List<float[]>> Maps { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, IDotProductPlan> Plans { get; } = new(StringComparer.Ordinal);

        public void Ran(NodePlan plan, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
        {
            if (plan is not IDotProductPlan product) return;
            Plans[product.LayerName] = product;
            if (!Maps.TryGetValue(product.LayerName, out var maps)) Maps[product.LayerName] = maps = [];
            maps.Add(inputs[0]!.AsSpan<float>().ToArray());
        }
    }
}
