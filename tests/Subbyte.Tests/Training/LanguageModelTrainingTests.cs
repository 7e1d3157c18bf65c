using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Training;

namespace Subbyte.Tests.Training;

/// <summary>Word language models: gradients against finite differences of a plain double-precision model, and state that goes on from batch to batch.</summary>
public sealed class LanguageModelTrainingTests
{
    private const int Words = 7;
    private const int Units = 5;
    private const int Steps = 4;
    private const int Streams = 9; // a full block and a partial one

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    public void GradientsAreThoseOfFiniteDifferences(int layers, bool tied)
    {
        const double Step = 1e-5;
        var network = LanguageModels.Create(Words, Units, layers, dropout: 0, seed: 3, tied);
        var data = Runs(batches: 2);
        var graph = new TrainingGraph(network, Streams, 0, new WorkerTeam(2), null, Steps);
        // The first batch leaves states from which the second goes on; gradients end between them.
        graph.ComputeGradients(data, [.. Enumerable.Range(0, Streams)]);
        var loss = graph.ComputeGradients(data, [.. Enumerable.Range(Streams, Streams)]).Loss / (Streams * Steps);
        var reference = new DoubleModel(network, layers, tied);
        reference.Run(data, 0);
        reference.Carry();
        loss.ShouldBe(reference.Run(data, Streams), 1e-5);
        graph.Parameters.Any(parameter => parameter.Name == "decoder.weight").ShouldBe(!tied);
        foreach (var parameter in graph.Parameters)
        {
            parameter.Gradient.CopyTo(parameter.Values, 0);
            var actual = parameter.ToTensor().AsSpan<float>().ToArray();
            var values = reference.Constants[parameter.Name];
            for (var i = 0; i < values.Length; i += Math.Max(1, values.Length / 25))
            {
                var value = values[i];
                values[i] = value + Step;
                var above = reference.Run(data, Streams);
                values[i] = value - Step;
                var below = reference.Run(data, Streams);
                values[i] = value;
                ((double)actual[i]).ShouldBe((above - below) / (2 * Step), 2e-5, $"{parameter.Name}[{i}]");
            }
        }
    }

    [Fact]
    public void ATrainedModelLearnsWhatFollows()
    {
        // Each word is followed by the next one.
        var random = new SeededRandom(1);
        int[] starts = [.. Enumerable.Range(0, Streams).Select(_ => random.Next(Words))];
        var data = Label([.. Enumerable.Range(0, 6 * Streams).Select(run => Enumerable.Range(0, Steps).Select(step => (starts[run % Streams] + (run / Streams * Steps) + step) % Words).ToArray())], id => (id + 1) % Words);
        var options = new TrainingOptions { Epochs = 20, Optimizer = new AdamOptions { LearningRate = 0.02f }, Threads = 2 };
        var result = Trainer.Train(LanguageModels.Create(Words, 12, 1, dropout: 0.1f, seed: 1), data, options);
        result.Accuracy.ShouldBeGreaterThan(0.95);
        result.History.Count.ShouldBe(20);
    }

    [Fact]
    public void TiedWeightsMoveTogetherAndStayTiedWhenTrainingGoesOn()
    {
        var options = new TrainingOptions { Epochs = 1, Optimizer = new SgdOptions { LearningRate = 0.5f, WeightDecay = 0.01f }, GradientClip = 1 };
        var trained = Trainer.Train(LanguageModels.Create(Words, Units, 1, 0, 1, tied: true), Runs(3), options).Network;
        AssertTied(trained);
        trained.Constants["embedding.weight"].AsSpan<float>().SequenceEqual(LanguageModels.Create(Words, Units, 1, 0, 1).Constants["embedding.weight"].AsSpan<float>()).ShouldBeFalse();
        AssertTied(Trainer.Train(trained, Runs(3), options).Network);

        static void AssertTied(Network network)
        {
            var (table, decoder) = (network.Constants["embedding.weight"].AsSpan<float>().ToArray(), network.Constants["decoder.weight"].AsSpan<float>().ToArray());
            for (var i = 0; i < table.Length; i++) decoder[(i % Units * Words) + (i / Units)].ShouldBe(table[i]);
        }
    }

    [Fact]
    public void WeightsDoNotDependOnTheNumberOfThreads()
        => new[] { 1, 2, 3 }.Select(threads => WeightHash.Of(Trainer.Train(LanguageModels.Create(Words, Units, 2, 0.2f, 1), Runs(3), new TrainingOptions { Epochs = 2, Threads = threads, GradientClip = 0.1f }).Network)).Distinct().ShouldHaveSingleItem();

    private static LabeledSamples Runs(int batches)
    {
        var random = new SeededRandom(5);
        int[][] runs = [.. Enumerable.Range(0, batches * Streams).Select(_ => Enumerable.Range(0, Steps).Select(_ => random.Next(Words)).ToArray())];
        return Label(runs, id => ((id * 3) + 1) % Words);
    }

    private static LabeledSamples Label(int[][] runs, Func<int, int> next)
        => new(new ArraySamples([.. runs.Select(run => run.Select(id => (float)id).ToArray())], 1, Steps), [.. runs.SelectMany(run => run.Select(next))], Steps, Streams);

    private sealed class DoubleModel(Network network, int layers, bool tied)
    {
        private readonly double[][] _state = [.. Enumerable.Range(0, layers * Streams).Select(_ => new double[2 * Units])];
        private double[][] _after = [];

        public Dictionary<string, double[]> Constants { get; } = network.Constants.Where(constant => constant.Value.ElementType == Subbyte.Tensors.ElementType.Float32)
            .ToDictionary(constant => constant.Key, constant => constant.Value.AsSpan<float>().ToArray().Select(value => (double)value).ToArray(), StringComparer.Ordinal);

        public void Carry()
        {
            for (var i = 0; i < _state.Length; i++) _after[i].CopyTo(_state[i], 0);
        }

        public double Run(LabeledSamples data, int first)
        {
            _after = [.. _state.Select(state => (double[])state.Clone())];
            var loss = 0.0;
            var ids = new float[Steps];
            for (var stream = 0; stream < Streams; stream++)
            {
                data.Samples.Read(first + stream, ids);
                for (var step = 0; step < Steps; step++)
                {
                    double[] x = Constants["embedding.weight"][((int)ids[step] * Units)..(((int)ids[step] + 1) * Units)];
                    for (var layer = 0; layer < layers; layer++) x = Advance(layer, x, _after[(layer * Streams) + stream]);
                    var logits = Enumerable.Range(0, Words).Select(word => Constants["decoder.bias"][word] + x.Select((value, i) => value * (tied ? Constants["embedding.weight"][(word * Units) + i] : Constants["decoder.weight"][(i * Words) + word])).Sum()).ToArray();
                    loss += Math.Log(logits.Sum(Math.Exp)) - logits[data.Labels[((first + stream) * Steps) + step]];
                }
            }

            return loss / (Streams * Steps);
        }

        private double[] Advance(int layer, double[] x, double[] state)
        {
            var (w, r, b) = (Constants[$"lstm{layer}.W"], Constants[$"lstm{layer}.R"], Constants[$"lstm{layer}.B"]);
            var gates = Enumerable.Range(0, 4 * Units).Select(gate => b[gate] + b[(4 * Units) + gate]
                + x.Select((value, i) => value * w[(gate * x.Length) + i]).Sum() + Enumerable.Range(0, Units).Sum(i => state[i] * r[(gate * Units) + i])).ToArray();
            for (var unit = 0; unit < Units; unit++)
            {
                var cell = (Sigmoid(gates[(2 * Units) + unit]) * state[Units + unit]) + (Sigmoid(gates[unit]) * Math.Tanh(gates[(3 * Units) + unit]));
                (state[unit], state[Units + unit]) = (Sigmoid(gates[Units + unit]) * Math.Tanh(cell), cell);
            }

            return state[..Units];
        }

        private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }
}
