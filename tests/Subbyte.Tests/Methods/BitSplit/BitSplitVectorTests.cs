using Subbyte.Lowering;
using Subbyte.Methods.BitSplit;

namespace Subbyte.Tests.Methods.BitSplit;

/// <summary>The test vectors of section 4.</summary>
public class BitSplitVectorTests
{
    private static readonly float[][] Rows42 = [[1, 0, 2, 1], [0, 1, 1, 0], [2, 1, 0, 1], [1, 1, 1, 3], [0, 2, 1, 1], [1, 0, 0, 2]];
    private static readonly float[][] Rows43 = [[3, 3, 2, 1], [2, 2, 1, 2], [1, 1, 1, 2], [3, 3, 0, 2], [3, 4, 3, 0], [3, 4, 0, 0]];
    private static readonly double[] Weights43 = [-0.9, 0.8, -0.7, 0.2];

    [Fact]
    public void Weights_are_fitted_split_and_stitched()
    {
        foreach (var row in VectorTable.Read("Methods/BitSplit/fit.vectors.txt"))
        {
            var weights = row.Numbers("weights");
            var planes = WeightFit.Of(weights, row.Integer("bits"));
            planes.IntegerScale.ShouldBe(row.Number("scale"), 1e-11, row.ToString());
            planes.Stitch().ShouldBe(row.Integers("codes"), row.ToString());
            string.Join(" / ", planes.Digits.Select(plane => string.Join(' ', plane))).ShouldBe(row["planes"]);
            weights.Zip(planes.Stitch(), (w, q) => w - (planes.IntegerScale * q)).Sum(e => e * e).ShouldBe(row.Number("error"), 1e-11, row.ToString());
        }
    }

    [Fact]
    public void The_output_is_optimised()
    {
        foreach (var row in VectorTable.Read("Methods/BitSplit/output.vectors.txt"))
        {
            var channel = new Channel(row.Numbers("weights"), Rows42);
            var planes = WeightFit.Of(channel.Weights, row.Integer("bits"));
            channel.Error(planes).ShouldBe(row.Number("before"), 1e-10, row.ToString());
            ResponseReference.Solve(planes, channel.Response, channel.Moments, 100).ShouldBe(1, row.ToString());
            planes.IntegerScale.ShouldBe(row.Number("scale"), 1e-11, row.ToString());
            planes.Stitch().ShouldBe(row.Integers("codes"), row.ToString());
            var after = channel.Error(planes);
            after.ShouldBe(row.Number("after"), 1e-10, row.ToString());
            if (row["best"] == "-") continue;
            var best = Exhaustive(channel, row.Integer("bits"));
            best.ShouldBe(row.Number("best"), 1e-8, row.ToString());
            after.ShouldBeGreaterThanOrEqualTo(best - 1e-12);
        }
    }

    [Fact]
    public void Digits_change_as_the_specification_traces_them()
    {
        var channel = new Channel(Weights43, Rows43);
        foreach (var row in VectorTable.Read("Methods/BitSplit/epochs.vectors.txt"))
        {
            var planes = WeightFit.Of(channel.Weights, 3);
            planes.Scale.ShouldBe(0.5826086957, 1e-10);
            ResponseReference.Solve(planes, channel.Response, channel.Moments, row.Integer("rounds")).ShouldBe(Math.Min(row.Integer("rounds"), 3));
            planes.Scale.ShouldBe(row.Number("scale"), 1e-12, row.ToString());
            planes.Stitch().ShouldBe(row.Integers("codes"), row.ToString());
            channel.Error(planes).ShouldBe(row.Number("error"), 1e-11, row.ToString());
        }

        var trace = VectorTable.Read("Methods/BitSplit/trace.vectors.txt");
        var steps = new List<(int Plane, int N, double Slope, double Threshold, int Digit)>();
        TextbookSolver.Solve(WeightFit.Of(channel.Weights, 3), channel.Response, channel.Moments, 1, (i, n, l, t, b) => steps.Add((i, n, l, t, b)));
        steps.Count.ShouldBe(trace.Count);
        foreach (var (step, row) in steps.Zip(trace))
        {
            (step.Plane, step.N, step.Digit).ShouldBe((row.Integer("plane"), row.Integer("position"), row.Integer("digit")));
            step.Slope.ShouldBe(row.Number("slope"), 1e-8);
            step.Threshold.ShouldBe(row.Number("threshold"), 1e-8);
        }
    }

    [Fact]
    public void Activation_scales_alternate_to_their_fixed_point()
    {
        double[] exact = [0.1, 0.2, 0.35, 0.5, 0.8, 1.1, 1.7, 3.0];
        foreach (var row in VectorTable.Read("Methods/BitSplit/activations.vectors.txt"))
        {
            var range = CodeRange.Unsigned(row.Integer("bits"));
            var scales = ActivationFit.Scales([-1, 0, .. exact], range);
            scales.Count.ShouldBe(row.Numbers("scales").Length, row.ToString());
            foreach (var (scale, expected) in scales.Zip(row.Numbers("scales"))) scale.ShouldBe(expected, 1e-10, row.ToString());
            exact.Select(x => (int)Math.Min(Math.Round(x / scales[^1]), range.Highest)).ShouldBe(row.Integers("codes"), row.ToString());
        }

        ActivationFit.Scales([0, -2, 0], CodeRange.Unsigned(4)).ShouldBe([1.0]);
        ActivationFit.Scales([0, -7, 0], CodeRange.Narrow(4)).ShouldBe([1.0, 1.0]);
    }

    [Fact]
    public void Weights_make_up_for_the_rounding_of_activations()
    {
        float[][] rows = [[1, 10, 0.2f], [0.5f, 4, 0.1f], [0.9f, 12, 0.3f], [0.2f, 8, 0.25f], [0.7f, 1, 0.05f], [0.4f, 15, 0.15f]];
        double[][] weights = [[0.5, 0.06, -2], [-0.4, 0.05, 1.5]];
        var patches = new PatchRows(3, [.. rows.SelectMany(row => row)]);
        var range = CodeRange.Unsigned(2);
        var single = ActivationFit.LayerScale(patches, range);
        ((double)single).ShouldBe(4.954545454545, 1e-6);
        double[][] columns = [[1, 0.5, 0.9, 0.2, 0.7, 0.4], [10, 4, 12, 8, 1, 15], [0.2, 0.1, 0.3, 0.25, 0.05, 0.15]];

        // Ties of the decimal numbers; in float32 some are none.
        float[] scales = [.. columns.Select(column => (float)ActivationFit.Scales(column, range)[^1])];
        foreach (var (scale, expected) in scales.Zip([0.310714285714, 4.954545454545, 0.089285714286])) ((double)scale).ShouldBe(expected, 1e-6);
        var codes = new short[patches.Values.Length];
        new ChannelActivations("ecaq", range, scales, 2).Encode(patches.Values, codes);
        codes.ShouldBe([3, 2, 2, 2, 1, 1, 3, 2, 3, 1, 2, 3, 2, 0, 1, 1, 3, 2]);
        float[][] seen = [.. codes.Chunk(3).Select(row => row.Select(code => (float)code).ToArray())];
        foreach (var row in VectorTable.Read("Methods/BitSplit/compensation.vectors.txt"))
        {
            var w = weights[row.Integer("channel")];
            var channel = new Channel(w, rows, seen);
            Outputs(w, x => Math.Min(Math.Round(x / single), 3) * single).ShouldBe(row.Number("single"), 1e-6);
            Outputs(w, null).ShouldBe(row.Number("separate"), 1e-6);
            var planes = WeightFit.Of([.. w.Zip(scales, (weight, scale) => weight * scale)], 4);
            planes.Stitch().ShouldBe(row.Integers("codes"));
            planes.IntegerScale.ShouldBe(row.Number("scale"), 1e-8);
            channel.Error(planes.Stitch(), planes.IntegerScale, seen).ShouldBe(row.Number("fitted"), 1e-6);
            ResponseReference.Solve(planes, channel.Response, channel.Moments, 100);
            planes.Stitch().ShouldBe(row.Integers("solvedCodes"));
            planes.IntegerScale.ShouldBe(row.Number("solvedScale"), 1e-8);
            channel.Error(planes.Stitch(), planes.IntegerScale, seen).ShouldBe(row.Number("solved"), 1e-6);
        }

        double Outputs(double[] w, Func<float, double>? round)
            => rows.Zip(seen, (x, q) => Enumerable.Range(0, 3).Sum(n => w[n] * (x[n] - (round is null ? q[n] * scales[n] : round(x[n]))))).Sum(e => e * e);
    }

    private static double Exhaustive(Channel channel, int bits)
    {
        var (largest, best) = ((1 << (bits - 1)) - 1, double.PositiveInfinity);
        var codes = new int[4];
        void Try(int n)
        {
            if (n == codes.Length)
            {
                double products = 0, squares = 0;
                for (var i = 0; i < codes.Length; i++)
                {
                    products += channel.Response[i] * codes[i];
                    for (var j = 0; j < codes.Length; j++) squares += codes[i] * codes[j] * channel.Moments.Row(i)[j];
                }

                if (squares > 0) best = Math.Min(best, channel.Power() - (products * products / squares));
                return;
            }

            for (codes[n] = -largest; codes[n] <= largest; codes[n]++) Try(n + 1);
        }

        Try(0);
        return best;
    }
}
