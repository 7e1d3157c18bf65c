using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.BiasCorrection;
using Subbyte.Methods.Uniform;
using Subbyte.Networks;
using Subbyte.Tests.Lowering;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Methods.BiasCorrection;

public class BiasCorrectionTests
{
    private const int Samples = 12;

    [Theory]
    [InlineData("uniform:w=3,a=4")]
    [InlineData("uniform:w=3,a=float")]
    [InlineData("fxp:bits=5")]
    public void Every_layer_has_the_mean_of_the_float_network(string recipe)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var random = new Random(seed);
            var network = RandomNetwork.Draw(random);
            var calibrator = new Calibrator(RandomNetwork.Samples(network, random, Samples));
            var before = Recipe.Parse(recipe).Apply(network, calibrator);
            var after = Recipe.Parse(recipe + " + bias-correction").Apply(network, calibrator);
            var data = calibrator.For(after.Network);
            var exact = Means(new LowBitNetwork(after.Network, new Dictionary<string, LoweredLayer>()), data);
            var (plain, corrected) = (Means(before, data), Means(after, data));
            foreach (var (name, means) in exact)
            {
                var largest = means.Max(Math.Abs) + 1e-3;
                var rest = Difference(means, corrected[name]);
                // An integer bias is rounded to the scale of the sum.
                var step = after.Layers[name].Groups.SelectMany(group => group.Scales).Append(0).Max();
                rest.ShouldBeLessThan((0.01 * largest) + (0.51 * step), $"network {seed}, {name}");
                rest.ShouldBeLessThanOrEqualTo(Difference(means, plain[name]) + (1e-4 * largest) + step, $"network {seed}, {name}");
            }
        }
    }

    [Theory]
    [InlineData("int8")]
    [InlineData("uniform:w=9,a=9")]
    public void Shifts_add_to_corrections_that_are_there(string recipe)
    {
        var layer = RandomLayer.Draw(new Random(31)).Layer;
        var draft = new LayerDraft(layer);
        ((ILayerMethod)Recipe.Parse(recipe).Steps[0].Component).Fill(draft);
        DefaultSlots.Fill(draft);
        var lowered = ExactDatapath.Instance.Lower(draft);
        double[] shifts = [.. Enumerable.Range(0, layer.Outputs).Select(m => 0.1 * (m + 1) * layer.Input.AbsoluteMaximum)];
        var twice = BiasCorrectionPass.Shifted(BiasCorrectionPass.Shifted(lowered, shifts), shifts);
        for (var m = 0; m < layer.Outputs; m++) Bias(twice, m).ShouldBe(Bias(lowered, m) + (2 * shifts[m]), 2.01 * lowered.Groups[0].Scales[m]);
    }

    private static double Bias(LoweredLayer layer, int m) => layer.Bias[m] + ((layer.IntegerBias?[m] ?? 0) * (double)layer.Groups[0].Scales[m]);

    private static Dictionary<string, double[]> Means(LowBitNetwork network, CalibrationData data) => OutputMeans.Of(network, data, Samples, null, CancellationToken.None);

    private static double Difference(double[] expected, double[] actual) => expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
}
