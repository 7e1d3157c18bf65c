using Subbyte.Calibration;
using Subbyte.Methods;
using Subbyte.Methods.Zap;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Onnx;
using Subbyte.Prediction;
using Subbyte.Tests.Data;
using Subbyte.Tests.Training;
using Subbyte.Training;

namespace Subbyte.Tests.Methods.Zap;

/// <summary>Training under masks: what is skipped takes no gradient, and the masks leave with the network (section 3A.6).</summary>
public sealed class ZapFineTuningTests
{
    private const int Size = 8;

    private static readonly TrainingOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 16,
        Optimizer = new SgdOptions { LearningRate = 0.02f },
        Methods = new TrainingMethods([new ZapPass(new ZapOptions { Threshold = 0.3, Samples = 64, Batch = 16, Epochs = 2 })]),
        Threads = 1,
    };

    [Fact]
    public void Under_a_mask_gradients_are_those_of_finite_differences()
    {
        var network = Net();
        var data = ArraySamples.Quarters(4, 11, Size);
        int[] all = [.. Enumerable.Range(0, data.Count)];
        var graph = Graph(network, new ThirdsMask(keepsAll: false));
        graph.ComputeGradients(data, all);
        var gradients = graph.Parameters.Select(parameter => (float[])parameter.Gradient.Clone()).ToArray();
        var seen = 0;
        foreach (var (parameter, gradient) in graph.Parameters.Zip(gradients))
        {
            for (var i = 0; i < parameter.Length; i += Math.Max(1, parameter.Length / 8))
            {
                var derivative = (Loss(parameter.Name, i, 2e-3f) - Loss(parameter.Name, i, -2e-3f)) / 4e-3;
                ((double)gradient[i]).ShouldBe(derivative, 2e-3 + (0.02 * Math.Abs(derivative)), $"{parameter.Name}[{i}]");
                if (Math.Abs(derivative) > 5e-3) seen++;
            }
        }

        seen.ShouldBeGreaterThan(10);
        var free = Graph(network, new ThirdsMask(keepsAll: true));
        free.ComputeGradients(data, all);
        free.Parameters[0].Gradient.ShouldNotBe(gradients[0]);

        double Loss(string parameter, int element, float step)
        {
            var moved = Graph(network, new ThirdsMask(keepsAll: false));
            moved.Parameters.Single(candidate => candidate.Name == parameter).Values[element] += step;
            return moved.ComputeGradients(data, all).Loss / data.Count;
        }
    }

    [Fact]
    public void A_mask_that_keeps_everything_changes_no_bit()
    {
        var data = ArraySamples.Quarters(4, 11, Size);
        var (plain, masked) = (Graph(Net(), null), Graph(Net(), new ThirdsMask(keepsAll: true)));
        int[] all = [.. Enumerable.Range(0, data.Count)];
        masked.ComputeGradients(data, all).ShouldBe(plain.ComputeGradients(data, all));
        foreach (var (first, second) in plain.Parameters.Zip(masked.Parameters)) second.Gradient.ShouldBe(first.Gradient);
    }

    [Fact]
    public void A_network_is_judged_as_its_file_answers_with_the_stored_predictors()
    {
        var test = ArraySamples.Quarters(2, 60, Size);
        var result = Trainer.Train(Net(), ArraySamples.Quarters(1, 96, Size), Options with { Validation = test, KeepsBest = false });
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "zap.onnx");
        OnnxNetwork.Save(result.Network, file);
        var read = OnnxNetwork.Load(file);
        var calibrator = new Calibrator(test.Samples, 1);
        var masked = Recipe.Parse("zap:predictors=stored").Apply(read, calibrator);
        masked.Predictions.ShouldHaveSingleItem().Value.Mask.ShouldBeOfType<ZapMask>().Threshold.ShouldBe(0.3f);
        Share(masked, test).ShouldBe(result.ValidationAccuracy!.Value, 1e-9);
        Skipped(masked).ShouldBeGreaterThan(0, "something is predicted to be zero");
        Recipe.Parse("int8 + zap:predictors=stored").Apply(read, calibrator).Predictions.Count.ShouldBe(1);
    }

    [Fact]
    public void The_run_is_the_same_on_any_number_of_threads()
        => new[] { 1, 3 }.Select(threads => WeightHash.Of(Trainer.Train(Net(), ArraySamples.Quarters(1, 48, Size), Options with { Threads = threads }).Network)).Distinct().ShouldHaveSingleItem();

    [Fact]
    public void Recipes_that_differ_in_their_thresholds_share_the_trained_predictors()
    {
        var calibrator = new Calibrator(ArraySamples.Quarters(1, 64, Size).Samples, 8);
        ZapPredictor Of(string recipe) => ((ZapMask)Recipe.Parse(recipe).Apply(Net(), calibrator).Predictions.Values.Single().Mask).Predictor;
        var first = Of("zap:batch=16,epochs=1");
        Of("zap:batch=16,epochs=1,threshold=0.4").ShouldBeSameAs(first);
        Of("zap:batch=16,epochs=1,loss=0.2").ShouldBeSameAs(first);
        Of("zap:batch=16,epochs=1,seed=2").ShouldNotBeSameAs(first);
        Of("zap:batch=16,epochs=1,mask=3").ShouldNotBeSameAs(first);
    }

    [Fact]
    public void What_is_not_stored_or_damaged_is_refused()
    {
        var network = Trainer.Train(Net(), ArraySamples.Quarters(1, 48, Size), Options with { Epochs = 1 }).Network;
        var calibrator = new Calibrator(ArraySamples.Quarters(1, 8, Size).Samples, 8);
        Refused(Net()).ShouldContain("holds no predictors");
        var text = network.Metadata["subbyte.zap"];
        Refused(With(text[..(text.Length / 8 * 4)])).ShouldContain("cannot be used");
        Refused(With("%%%")).ShouldContain("cannot be used");
        Refused(With(Convert.ToBase64String([1, 0, 0, 0, 0]))).ShouldContain("no predictor for");
        Refused(With(Convert.ToBase64String([9]))).ShouldContain("version");

        string Refused(Network candidate) => Should.Throw<UserErrorException>(() => Recipe.Parse("zap:predictors=stored").Apply(candidate, calibrator)).Message;
        Network With(string stored) => network with { Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["subbyte.zap"] = stored } };
    }

    private static TrainingGraph Graph(Network network, ThirdsMask? mask)
        => new(network, 16, 0, new WorkerTeam(1), masks: mask is null ? null : new Dictionary<string, OutputPrediction>(StringComparer.Ordinal) { ["relu2"] = new("conv2", mask) });

    private static Network Net()
    {
        var builder = new NetworkBuilder("small", [1, Size, Size], seed: 3);
        var x = builder.Unit("1", builder.Input, 6, kernel: 3);
        x = builder.Relu("relu2", builder.Convolution("conv2", x, 9, kernel: 3, bias: true));
        return builder.Build(builder.Linear("fc", builder.Flatten("flatten", x), 4), Preprocessing.Identity);
    }

    private static double Share(LowBitNetwork network, LabeledSamples data)
    {
        var frame = new ExecutionFrame(ExecutionPlan.Compile(network, new ExecutionOptions()));
        var correct = 0;
        for (var i = 0; i < data.Count; i++)
        {
            frame.Read(data.Samples, i);
            frame.Run();
            var logits = frame.Results[0].AsSpan<float>().ToArray();
            if (Array.IndexOf(logits, logits.Max()) == data.Labels[i]) correct++;
        }

        return (double)correct / data.Count;
    }

    private static int Skipped(LowBitNetwork network)
    {
        var mask = network.Predictions.Values.Single().Mask;
        var map = new float[mask.Shape.Length];
        var keep = new uint[map.Length];
        mask.Decide(map, keep);
        return keep.Count(kept => kept == 0);
    }

    /// <summary>Takes out every third element, whatever the map holds; or none.</summary>
    private sealed class ThirdsMask(bool keepsAll) : IOutputMask
    {
        public string Method => "thirds";

        public MapShape Shape { get; } = new(9, Size, Size);

        public IReadOnlyList<bool> ComputedFirst { get; } = new bool[Size * Size];

        public void Decide(ReadOnlySpan<float> map, Span<uint> keep)
        {
            for (var i = 0; i < keep.Length; i++) keep[i] = keepsAll || i % 3 != 0 ? uint.MaxValue : 0;
        }
    }
}
