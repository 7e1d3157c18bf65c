using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.AdaRound;
using Subbyte.Methods.BitSplit;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.AdaRound;

public class AdaRoundTests
{
    [Fact]
    public void Two_correlated_inputs_are_rounded_apart()
    {
        // A = [[1, 0.9], [0.9, 1]], w = (0.4, 0.4), s = 1. Both down: 0.16 + 0.16 + 2·0.9·0.16 = 0.608; one up: 0.36 + 0.16 − 2·0.9·0.24 = 0.088.
        var problem = new RoundingProblem([0.4f, 0.4f], 1, 1, new ResponseMoments(2, Moments, Moments));
        problem.Nearest().ShouldBe([0, 0]);
        problem.Error([0, 0]).Own.ShouldBe(0.608, 1e-6);
        problem.Error([1, 0]).Own.ShouldBe(0.088, 1e-6);
        problem.Error([1, 1]).Own.ShouldBe(1.368, 1e-6);
        // 0.41 breaks the tie between the two.
        var chosen = Round(new RoundingProblem([0.4f, 0.41f], 1, 1, new ResponseMoments(2, Moments, Moments)), Moments, 2);
        chosen.ShouldBe([0, 1]);
    }

    [Fact]
    public void The_rectified_sigmoid_reaches_its_ends()
    {
        // σ(ln 11) = 11/12, and 1.2·11/12 − 0.1 = 1.
        RectifiedSigmoid.Of(0.5f).ShouldBe(0.5f, 1e-7);
        RectifiedSigmoid.Of(11 / 12f).ShouldBe(1, 1e-6);
        RectifiedSigmoid.Of(0.95f).ShouldBe(1);
        RectifiedSigmoid.Of(1 / 12f).ShouldBe(0, 1e-6);
        RectifiedSigmoid.Inverse(1).ShouldBe((float)Math.Log(11), 1e-5);
        RectifiedSigmoid.Inverse(0.5).ShouldBe(0, 1e-6);
        RectifiedSigmoid.Slope(0.5f).ShouldBe(0.3f, 1e-6);
        RectifiedSigmoid.Slope(0.95f).ShouldBe(0);
        // d(1 − |2h − 1|³)/dh at h = 0.75: −2·3·0.5².
        RectifiedSigmoid.Pull(0.75f, 0.25f, 3).ShouldBe(-1.5f, 1e-6);
        RectifiedSigmoid.Pull(0.25f, 0.25f, 3).ShouldBe(1.5f, 1e-6);
    }

    [Fact]
    public void The_regularizer_starts_after_a_fifth_and_sharpens_along_a_cosine()
    {
        var problem = new RoundingProblem([0.4f, 0.4f], 1, 1, new ResponseMoments(2, Moments, Moments));
        var optimizer = new RoundingOptimizer([problem], [0.608], Packed(Moments, 2), new AdaRoundOptions { Iterations = 1000 });
        optimizer.Beta(199).ShouldBe(0);
        optimizer.Beta(200).ShouldBe(20);
        optimizer.Beta(600).ShouldBe(11, 1e-9);
        optimizer.Beta(999).ShouldBe(2, 1e-3);
    }

    [Fact]
    public void The_gradient_is_that_of_the_error_and_the_regularizer()
    {
        // h = w/s at the start, so δ = 0 and only the inherited slope acts: 2·N/E·(Aw − C)·s·h′, here (Aw − C) = w of an identity A and C = 0.
        double[] identity = [1, 0, 0, 1];
        var problem = new RoundingProblem([0.25f, 0.5f], 1, 1, new ResponseMoments(2, identity, new double[4]));
        problem.Slope.ShouldBe([0.25, 0.5]);
        var optimizer = new RoundingOptimizer([problem], [4], Packed(identity, 2), new AdaRoundOptions { Lambda = 0.5 });
        var sigmoid = (0.25 + 0.1) / 1.2;
        var slope = 1.2 * sigmoid * (1 - sigmoid);
        var plain = optimizer.SetGradient(0).ToArray();
        plain[0].ShouldBe((float)(0.25 * slope), 1e-6);
        plain[1].ShouldBe(0.5f * 0.3f, 1e-6);
        // With β = 3 the first is pulled by 0.5·2·3·0.5² upwards in the loss, the second not at all.
        var pulled = optimizer.SetGradient(3).ToArray();
        pulled[0].ShouldBe((float)((0.25 + 0.75) * slope), 1e-5);
        pulled[1].ShouldBe(0.5f * 0.3f, 1e-5);
    }

    [Fact]
    public void It_is_never_worse_than_the_nearest_integers_and_mostly_better()
    {
        var random = new Random(71);
        double nearest = 0, adapted = 0;
        for (var repetition = 0; repetition < 60; repetition++)
        {
            var layer = RandomLayer.Draw(random, rows: 100).Layer;
            var bits = 2 + (repetition % 3);
            var (rounded, chosen) = (Plane(layer, $"uniform:w={bits},a=float,w-clip=mse"), Plane(layer, $"adaround:w={bits},iterations=400"));
            chosen.Scales.ShouldBe(rounded.Scales);
            for (var m = 0; m < layer.Outputs; m++)
            {
                var moments = ResponseMoments.Of(layer.Input.Patches(m * layer.Groups / layer.Outputs));
                var problem = new RoundingProblem(layer.Row(m), chosen.Scales[m], CodeRange.Narrow(bits).Highest, moments);
                var (before, after) = (problem.Error(Row(rounded, layer, m)).Own, problem.Error(Row(chosen, layer, m)).Own);
                after.ShouldBeLessThanOrEqualTo(before * (1 + 1e-9));
                (nearest, adapted) = (nearest + 1, adapted + (before > 0 ? after / before : 1));
                for (var k = 0; k < layer.Depth; k++) Math.Abs(Row(chosen, layer, m)[k] - (layer.Row(m)[k] / chosen.Scales[m])).ShouldBeLessThan(1 + (Math.Abs(layer.Row(m)[k] / chosen.Scales[m]) > CodeRange.Narrow(bits).Highest ? 1e9f : 1e-4f));
            }
        }

        adapted.ShouldBeLessThan(0.95 * nearest);
    }

    [Fact]
    public void The_result_does_not_depend_on_threads()
    {
        var random = new Random(72);
        for (var repetition = 0; repetition < 5; repetition++)
        {
            var drawn = RandomLayer.Draw(random, rows: 60);
            var one = Plane(drawn.Layer, "adaround:w=3,iterations=100");
            Plane(WithThreads(drawn.Layer, 3), "adaround:w=3,iterations=100").Codes.ShouldBe(one.Codes);
        }
    }

    [Fact]
    public void Sequential_reconstruction_makes_up_for_a_changed_input()
    {
        // The layer sees half of what the float layer sees: twice the weight is what reconstructs the output.
        float[][][] rows = [[[1, 0], [0, 1], [1, 1]]];
        var layer = FullyConnected([0.3f, 0.8f], rows);
        var halved = new LayerDraft(layer) { LoweredPatches = (_, _) => new PatchRows(2, [0.5f, 0, 0, 0.5f, 0.5f, 0.5f]) };
        Fill(halved, "adaround:w=3,sequential,clip=min-max");
        var plain = new LayerDraft(layer);
        Fill(plain, "adaround:w=3,clip=min-max");
        // s = 0.8/3: 0.3 is 1.125 steps and becomes 2, the most that rounding up allows; the float layer's input keeps 1.
        plain.Weights!.Single.Codes.ShouldBe([1, 3]);
        halved.Weights!.Single.Codes.ShouldBe([2, 3]);
    }

    private static double[] Moments => [1, 0.9, 0.9, 1];

    private static short[] Round(RoundingProblem problem, double[] moments, int depth) => new AdaRoundMethod(new AdaRoundOptions()).Round([problem], Packed(moments, depth))[0];

    private static PackedFloatMatrix Packed(double[] moments, int depth) => PackedFloatMatrix.Pack(Array.ConvertAll(moments, moment => (float)moment), depth, depth);

    private static short[] Row(WeightPlane plane, DotProductLayer layer, int m) => plane.Codes.AsSpan(m * layer.Depth, layer.Depth).ToArray();

    private static WeightPlane Plane(DotProductLayer layer, string recipe)
    {
        var draft = new LayerDraft(layer);
        Fill(draft, recipe);
        return draft.Weights!.Single;
    }

    private static void Fill(LayerDraft draft, string recipe) => ((ILayerMethod)Recipe.Parse(recipe).Steps[0].Component).Fill(draft);

    private static DotProductLayer FullyConnected(float[] weights, float[][][] rows) => new()
    {
        Name = "fc",
        Index = 1,
        Kind = LayerKind.FullyConnected,
        Positions = 1,
        Outputs = 1,
        Depth = weights.Length,
        Weights = weights,
        Bias = new float[1],
        Input = new SampleStatistics(rows),
    };

    private static DotProductLayer WithThreads(DotProductLayer layer, int threads) => new()
    {
        Name = layer.Name,
        Index = layer.Index,
        Kind = layer.Kind,
        Positions = layer.Positions,
        Outputs = layer.Outputs,
        Depth = layer.Depth,
        Groups = layer.Groups,
        KernelHeight = layer.KernelHeight,
        KernelWidth = layer.KernelWidth,
        Weights = layer.Weights,
        Bias = layer.Bias,
        Input = new ThreadedStatistics(layer.Input, threads),
    };

    private sealed class ThreadedStatistics(ILayerStatistics inner, int threads) : ILayerStatistics
    {
        public int Samples => inner.Samples;

        public float Minimum => inner.Minimum;

        public float Maximum => inner.Maximum;

        public double MeanSampleMaximum => inner.MeanSampleMaximum;

        public ReadOnlyMemory<long> AbsoluteHistogram => inner.AbsoluteHistogram;

        public IReadOnlyList<ChannelActivity> ChannelActivity => inner.ChannelActivity;

        public int Threads => threads;

        public PatchMoments Moments(int group) => inner.Moments(group);

        public PatchRows Patches(int group, int most = PatchRows.DefaultCount) => inner.Patches(group, most);
    }
}
