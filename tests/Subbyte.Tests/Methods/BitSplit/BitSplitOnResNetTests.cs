using System.Diagnostics;
using Subbyte.Calibration;
using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.BitSplit;
using Subbyte.Networks;
using Xunit.Abstractions;

namespace Subbyte.Tests.Methods.BitSplit;

/// <summary>
/// The figures of section 8 (b) and (c) on ResNet-20: the 18 inner convolutions, 128 calibration images (every 63rd of the training file),
/// 6,000 patches a layer; first convolution, classifier and batch norms in fp32.
/// </summary>
[Trait("Speed", "Slow")]
public class BitSplitOnResNetTests(ITestOutputHelper output)
{
    private const int Images = 1017;

    [SkippableFact]
    public void Accuracy_and_output_error_are_those_of_the_specification()
    {
        var task = Task();
        var calibrator = new Calibrator(new EveryNth(task.CalibrationSamples!, 63), 128, Environment.ProcessorCount);
        var floats = Percent(Recipe.Parse("fp32").Apply(task.Network, null), task);
        floats.ShouldBe(91.64, 0.01);
        var missed = new List<string>();
        var tops = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var row in VectorTable.Read("Methods/BitSplit/resnet20.vectors.txt"))
        {
            var watch = Stopwatch.StartNew();
            var network = Recipe.Parse(row["recipe"] + " + ends:keep=float + batch-norm:keep=true").Apply(task.Network, calibrator);
            var seconds = watch.Elapsed.TotalSeconds;
            var (top, error) = (Percent(network, task), MeanError(network));
            tops[row["recipe"]] = top;
            output.WriteLine($"{row["recipe"]}: {top:F2} % (specification {row["top1"]}), output error {error:F5} ({row["error"]}), {seconds:F1} s");
            if (row["error"] != "-") missed.AddRange(Math.Abs(error - row.Number("error")) <= 0.05 * row.Number("error") ? [] : [$"{row["recipe"]}: output error {error:F5}"]);
            if (row["top1"] != "-") missed.AddRange(Math.Abs(top - row.Number("top1")) <= row.Number("tolerance") ? [] : [$"{row["recipe"]}: {top:F2} %"]);
        }

        missed.ShouldBeEmpty();

        var (three, two) = (tops["bit-split:w=3,a=float,patches=6000"], tops["bit-split:w=2,a=float,patches=6000"]);
        three.ShouldBeGreaterThan(floats - 2.5);
        foreach (var rounding in tops.Where(top => top.Key.Contains("w=3,", StringComparison.Ordinal) && IsRounding(top.Key))) three.ShouldBeGreaterThan(rounding.Value + 10, rounding.Key);
        two.ShouldBeGreaterThan(floats - 15);
        foreach (var rounding in tops.Where(top => top.Key.Contains("w=2,", StringComparison.Ordinal) && IsRounding(top.Key))) two.ShouldBeGreaterThan(rounding.Value + 40, rounding.Key);
    }

    [SkippableFact]
    public void Channel_scales_of_activations_win_on_every_layer_until_they_widen_the_weights()
    {
        var task = Task();
        var calibrator = new Calibrator(new EveryNth(task.CalibrationSamples!, 126), 64, Environment.ProcessorCount);
        var layers = calibrator.For(task.Network).Layers.Where(layer => !layer.IsEnd).ToArray();
        foreach (var (activationBits, weightBits, single, separate) in new[] { (4, 32, 0.00289, 0.00213), (3, 32, 0.00957, 0.00751), (4, 4, 0.00501, 0.00566), (3, 4, 0.01061, 0.01029) })
        {
            var errors = layers.Select(layer => Errors(layer, activationBits, weightBits)).ToArray();
            var (meanSingle, meanSeparate) = (errors.Average(error => error.Single), errors.Average(error => error.Separate));
            var wins = errors.Count(error => error.Separate < error.Single);
            output.WriteLine($"A{activationBits} W{weightBits}: {meanSingle:F5} ({single}) -> {meanSeparate:F5} ({separate}), lower on {wins} of {errors.Length}");
            meanSingle.ShouldBe(single, 0.1 * single);
            meanSeparate.ShouldBe(separate, 0.1 * separate);
            if (weightBits == 32) wins.ShouldBe(18);
        }
    }

    private static bool IsRounding(string recipe) => recipe.StartsWith("uniform", StringComparison.Ordinal) || recipe.Contains("objective=weights", StringComparison.Ordinal);

    private static (double Single, double Separate) Errors(DotProductLayer layer, int activationBits, int weightBits)
    {
        const int patches = 2500;
        var rows = layer.Input.Patches(0, patches);
        var moments = ResponseMoments.Of(rows, layer.Input.Threads);
        var power = Enumerable.Range(0, layer.Outputs).Sum(m => Quadratic(layer.Row(m), moments));
        return (Error(CodedInput.PerLayer(layer, activationBits, patches)), Error(CodedInput.PerChannel(layer, activationBits, patches)));

        double Error(CodedInput input)
        {
            if (weightBits < 32) return 1 + (LayerSolver.Solve(layer, new BitSplitOptions { WeightBits = weightBits, Patches = patches }, input).Error / power);
            var codes = input.Encode(rows, 0);
            var rounded = new PatchRows(rows.Depth, [.. codes.Values.Select((code, i) => rows.Values[i] - (code * input.Scale(i % layer.ChannelsPerGroup)))]);
            var differences = ResponseMoments.Of(rounded, layer.Input.Threads);
            return Enumerable.Range(0, layer.Outputs).Sum(m => Quadratic(layer.Row(m), differences)) / power;
        }
    }

    /// <summary>Relative output error, mean over the inner layers, on the patches that the solver saw.</summary>
    private static double MeanError(LowBitNetwork network) => network.Layers.Values.Average(lowered =>
    {
        var layer = lowered.Layer;
        var moments = ResponseMoments.Of(layer.Input.Patches(0, 6000), layer.Input.Threads);
        double error = 0, power = 0;
        for (var m = 0; m < layer.Outputs; m++)
        {
            var weights = layer.Row(m).ToArray();
            error += Quadratic([.. weights.Select((w, k) => w - lowered.FloatWeights[(m * layer.Depth) + k])], moments);
            power += Quadratic(weights, moments);
        }

        return error / power;
    });

    private static double Quadratic(ReadOnlySpan<float> weights, ResponseMoments moments)
    {
        var wide = new double[weights.Length];
        for (var k = 0; k < wide.Length; k++) wide[k] = weights[k];
        return moments.Response(wide).Zip(wide, (c, w) => c * w).Sum();
    }

    private static double Percent(LowBitNetwork network, EvaluationTask task)
    {
        var run = NetworkRun.Execute(network, task.Samples, Images, Environment.ProcessorCount, null, CancellationToken.None);
        return 100.0 * Scores.Hits(run, [.. Enumerable.Range(0, Images).Select(task.Data.Label)], 1).Count(hit => hit) / Images;
    }

    private static EvaluationTask Task()
    {
        var model = SharedData.Require("models/cifar10-resnet20.onnx");
        var test = DataSpec.Open("cifar10:" + SharedData.Require("cifar10/test_batch_first1017.bin.gz"));
        return EvaluationTask.Load(model, null, test, DataSpec.Open("cifar10:" + SharedData.Require("cifar10/train_lossless_8068.bin.gz")), 8068);
    }

    private sealed class EveryNth(ISampleSource source, int step) : ISampleSource
    {
        public int Count => ((source.Count - 1) / step) + 1;

        public ReadOnlySpan<int> SampleShape => source.SampleShape;

        public void Read(int index, Span<float> destination) => source.Read(index * step, destination);
    }
}
