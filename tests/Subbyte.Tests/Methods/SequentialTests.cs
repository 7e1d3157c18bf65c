using Subbyte.Calibration;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Methods;

/// <summary>Layers that are solved on what the quantized layers before them give.</summary>
public class SequentialTests
{
    private const int Samples = 48;

    [Theory]
    [InlineData("bit-split:w=2,a=float")]
    [InlineData("bit-split:w=3,a=4,ecaq=off")]
    [InlineData("adaround:w=2,float-activations,iterations=200")]
    public void They_make_up_for_the_layers_before(string recipe)
    {
        double plain = 0, sequential = 0;
        for (var seed = 0; seed < 8; seed++)
        {
            var random = new Random(seed);
            var network = RandomNetwork.Draw(random);
            var samples = RandomNetwork.Samples(network, random, Samples);
            var exact = Run(network, "fp32", samples, 1);
            var power = exact.Sum(value => (double)value * value);
            plain += Error(exact, Run(network, recipe, samples, 1)) / power;
            sequential += Error(exact, Run(network, recipe + ",sequential", samples, 1)) / power;
        }

        sequential.ShouldBeLessThan(plain);
    }

    [Theory]
    [InlineData("bit-split:w=3,a=float,sequential")]
    [InlineData("adaround:w=3,float-activations,iterations=50,sequential")]
    public void The_result_does_not_depend_on_threads(string recipe)
    {
        var random = new Random(3);
        var network = RandomNetwork.Draw(random);
        var samples = RandomNetwork.Samples(network, random, Samples);
        Run(network, recipe, samples, 3).ShouldBe(Run(network, recipe, samples, 1));
    }

    private static float[] Run(Network network, string recipe, MemorySamples samples, int threads)
        => NetworkRun.Execute(Recipe.Parse(recipe + (recipe == "fp32" ? "" : " + ends:keep=same")).Apply(network, new Calibrator(samples, Samples, threads)), samples, Samples, threads: 1, progress: null, CancellationToken.None).Outputs.ToArray();

    private static double Error(float[] exact, float[] actual) => exact.Zip(actual, (a, b) => ((double)a - b) * (a - b)).Sum();
}
