using Subbyte.Calibration;
using Subbyte.Costs;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.Sparq;
using Subbyte.Networks;

namespace Subbyte.Tests.Methods.Sparq;

/// <summary>The figures of section 8.1 on ResNet-20: first convolution, classifier and batch norms in fp32, all other convolutions on SPARQ.</summary>
[Trait("Speed", "Slow")]
public class SparqOnResNetTests
{
    [SkippableFact]
    public void Accuracy_and_noise_are_those_of_the_specification()
    {
        var task = ResNet20.Task();
        var calibrator = new Calibrator(task.CalibrationSamples!, task.CalibrationCount, Environment.ProcessorCount);
        var layers = calibrator.For(task.Network).Layers.Where(layer => !layer.IsEnd).ToArray();
        var maxima = VectorTable.Read("Methods/Sparq/max-mean.vectors.txt")[0].Numbers("maxMean");
        layers.Length.ShouldBe(maxima.Length);
        for (var i = 0; i < maxima.Length; i++) layers[i].Input.MeanSampleMaximum.ShouldBe(maxima[i], 0.0002);

        foreach (var (bits, expected) in new[] { (8, 930), (4, 929), (3, 899), (2, 657) })
            ResNet20.Correct(WithActivations(task.Network, layers, bits), task).ShouldBeInRange(expected - 5, expected + 5, $"static A{bits}W8");

        var rows = SparqVectors.Rows("resnet20");
        var networks = rows.Select(row => Recipe.Parse(row["recipe"] + " + ends:keep=float + batch-norm:keep=true").Apply(task.Network, calibrator)).ToArray();
        for (var i = 0; i < rows.Count; i++) ResNet20.Correct(networks[i], task).ShouldBeInRange(rows[i].Integer("correct") - 5, rows[i].Integer("correct") + 5, rows[i]["recipe"]);

        var measured = Enumerable.Range(0, rows.Count).Where(i => rows[i]["decibels"] != "-").ToArray();
        var noise = new SumNoise(layers, [.. measured.Select(i => networks[i])]);
        ResNet20.Observe(WithActivations(task.Network, layers, bits: 8), task, noise);
        for (var i = 0; i < measured.Length; i++) noise.Decibels(i).Average().ShouldBe(rows[measured[i]].Number("decibels"), 0.2, rows[measured[i]]["recipe"]);
        OnEveryLayer(noise, rows.Where(row => row["decibels"] != "-").Select(row => row["recipe"]).ToArray());
    }

    // Shape 6: 5opt > 3opt > 2opt, 3b6opt > 2b7opt, rounded > cut off, on each of the layers.
    private static void OnEveryLayer(SumNoise noise, string[] recipes)
    {
        var better = new[] { ("4b5opt", "4b3opt"), ("4b3opt", "4b2opt"), ("3b6opt", "2b7opt") }
            .SelectMany(pair => new[] { "", ",round=false" }.Select(round => (Better: $"sparq:window={pair.Item1}{round}", Worse: $"sparq:window={pair.Item2}{round}")))
            .Concat(SparqWindow.All.Select(window => (Better: $"sparq:window={window}", Worse: $"sparq:window={window},round=false")));
        foreach (var (first, second) in better)
        {
            var (a, b) = (noise.Decibels(Array.IndexOf(recipes, first)), noise.Decibels(Array.IndexOf(recipes, second)));
            a.Zip(b).ShouldAllBe(pair => pair.First > pair.Second, $"{first} against {second}");
        }
    }

    // Uniform unsigned activations with the step of SPARQ's base, its weights, a float bias.
    private static LowBitNetwork WithActivations(Network network, IEnumerable<DotProductLayer> layers, int bits)
        => new(network, layers.ToDictionary(layer => layer.Name, layer =>
        {
            var weights = SparqQuantizers.Weights(layer, wide: true);
            var input = new UniformActivations("static", CodeRange.Unsigned(bits), (float)layer.Input.MeanSampleMaximum / ((1 << bits) - 1), 0, bits, Rounding.HalfEven);
            return new LoweredLayer
            {
                Layer = layer,
                Input = input,
                Groups = [new ProductGroup([new ProductTerm(TableCode.Identity(input.Range), weights.Single.Codes)], new long[layer.Outputs], LoweringMath.SumScales(input.Scale, weights.Single.Scales))],
                Bias = layer.Bias.ToArray(),
                FloatWeights = LoweringMath.Dequantize(weights.Planes, layer.Depth),
                Cost = new ProductCost(layer, weights, bits),
                Method = "static",
            };
        }));
}
