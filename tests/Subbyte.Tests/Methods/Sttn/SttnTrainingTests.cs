using Subbyte.Methods.Sttn;
using Subbyte.Networks;
using Subbyte.Tests.Training;
using Subbyte.Training;

namespace Subbyte.Tests.Methods.Sttn;

/// <summary>What training makes of the two latents (section 8).</summary>
public sealed class SttnTrainingTests
{
    private const int Width = 64;

    [Fact]
    public void Zeros_move_away_from_one_half_and_are_no_interval_of_the_averaged_latent()
    {
        var (first, second) = Train(steps: 0);
        Share(first, second).ShouldBe(0.5, 2 / Math.Sqrt(first.Length), "four standard deviations");
        var (trainedFirst, trainedSecond) = Train(steps: 60);
        Share(trainedFirst, trainedSecond).ShouldNotBe(Share(first, second));

        // A hard threshold would make zeros of those weights whose averaged latent is smallest.
        var averages = trainedFirst.Zip(trainedSecond, (a, b) => Math.Abs(a + b) / 2).ToArray();
        var zeros = averages.Index().Where(entry => IsZero(trainedFirst[entry.Index], trainedSecond[entry.Index])).Select(entry => entry.Item).ToArray();
        var edge = averages.Order().ElementAt(zeros.Length);
        ((double)zeros.Count(average => average > edge) / zeros.Length).ShouldBeGreaterThan(0.01);
    }

    private static bool IsZero(float first, float second) => first >= 0 != second >= 0;

    private static double Share(float[] first, float[] second) => (double)first.Zip(second).Count(pair => IsZero(pair.First, pair.Second)) / first.Length;

    /// <summary>The latents of the hidden layer.</summary>
    private static (float[] First, float[] Second) Train(int steps)
    {
        var builder = new NetworkBuilder("small", [1, 8, 8], seed: 2);
        var x = builder.Linear("fc1", builder.Flatten("flatten", builder.Input), Width);
        x = builder.Linear("fc2", builder.Relu("relu1", builder.BatchNormalization("bn1", x)), Width);
        var network = builder.Build(builder.Linear("fc3", builder.Relu("relu2", builder.BatchNormalization("bn2", x)), 4), Preprocessing.Identity);
        var data = ArraySamples.Quarters(3, 64);
        int[] all = [.. Enumerable.Range(0, data.Count)];
        var graph = new TrainingGraph(network, data.Count, 0, new WorkerTeam(1), new TrainingMethods([new SttnMethod(new SttnOptions())]));
        graph.InitializeQuantizers(data, all, seed: 1);
        var optimizer = new AdamOptions().Start(graph.Parameters);
        for (var step = 0; step < steps; step++)
        {
            graph.BeginStep();
            graph.ComputeGradients(data, all);
            optimizer.Begin(1e-3);
            for (var i = 0; i < optimizer.Count; i++) optimizer.Move(i);
        }

        var latents = graph.Parameters.Where(parameter => parameter.Name.StartsWith("fc2.weight", StringComparison.Ordinal)).ToArray();
        latents.Length.ShouldBe(2);
        return (latents[0].Values, latents[1].Values);
    }
}
