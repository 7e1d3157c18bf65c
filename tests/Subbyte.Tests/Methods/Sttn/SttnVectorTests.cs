using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.Sttn;

namespace Subbyte.Tests.Methods.Sttn;

/// <summary>The specification's vectors.</summary>
public sealed class SttnVectorTests
{
    private static readonly IReadOnlyDictionary<string, VectorRow> Channels = VectorTable.Read("Methods/Sttn/channels.vectors.txt").ToDictionary(row => row["name"]);

    [Fact]
    public void Channels_are_merged_as_in_the_vectors()
    {
        foreach (var row in Channels.Values)
        {
            var (first, second) = Latents(row);
            var codes = new short[first.Length];
            SttnMerge.Scale(first, second).ShouldBe(row.Float("alpha"), 1e-7f);
            SttnMerge.Merge(first, second, codes).ShouldBe(row.Float("tau"), 1e-7f);
            codes.Select(code => (int)code).ShouldBe(row.Integers("t"));
        }
    }

    [Fact]
    public void The_forward_pass_is_the_merged_kernel_and_clamps_first()
    {
        foreach (var row in Channels.Values)
        {
            var quantizer = new SttnWeights(1, 4, new SttnOptions());
            var (values, second) = (row.Floats("v1"), row.Floats("v2"));
            quantizer.BeginStep(values, [second]);
            var quantized = new float[4];
            quantizer.Forward(values, [second], quantized);
            quantized.ShouldBe(row.Integers("t").Select(t => row.Float("tau") * t), 1e-6);
            var plane = quantizer.Codes(values, [second]).Single;
            plane.Codes.Select(code => (int)code).ShouldBe(row.Integers("t"));
            plane.Scales[0].ShouldBe(row.Float("tau"), 1e-7f);
        }
    }

    [Theory]
    [InlineData(SttnGradient.Repo, "repo")]
    [InlineData(SttnGradient.Exact, "exact")]
    public void Gradients_follow_the_vectors(SttnGradient form, string column)
    {
        foreach (var row in Channels.Values)
        {
            var (first, second) = Latents(row);
            var (g1, g2) = Gradients(form, first, second, row.Floats("gradient"));
            g1.ShouldBe(row.Floats(column + "1"), 1e-6);
            g2.ShouldBe(row.Floats(column + "2"), 1e-6);
        }
    }

    [Fact]
    public void The_scale_part_of_the_exact_form_is_the_derivative_of_the_scale()
    {
        foreach (var row in Channels.Values)
        {
            var (first, second) = Latents(row);
            var gradient = row.Floats("gradient");
            var (g1, _) = Gradients(SttnGradient.Exact, first, second, gradient);
            for (var k = 0; k < 4; k++)
            {
                // L = Σ g·α(V)·(B1 + B2) with the signs held: central differences in double.
                const double step = 1e-4;
                var derivative = (Loss(k, step) - Loss(k, -step)) / (2 * step);
                (g1[k] - (SttnMerge.Scale(first, second) * gradient[k])).ShouldBe((float)derivative, 1e-5f);
            }

            double Loss(int k, double step)
            {
                var alpha = (first.Select((v, i) => Math.Abs(v + (i == k ? step : 0))).Sum() + second.Sum(v => Math.Abs((double)v))) / 8;
                return Enumerable.Range(0, 4).Sum(i => gradient[i] * alpha * (Math.Sign(first[i]) + Math.Sign(second[i])));
            }
        }
    }

    [Fact]
    public void Dot_products_of_both_branches_add_up_to_twice_the_merged_one()
    {
        foreach (var row in VectorTable.Read("Methods/Sttn/dots.vectors.txt"))
        {
            var (first, second) = Latents(Channels[row["name"]]);
            short[] x = [.. row.Integers("x").Select(code => (short)code)];
            SttnReference.BranchDot(x, first).ShouldBe(row.Integer("dot1"));
            SttnReference.BranchDot(x, second).ShouldBe(row.Integer("dot2"));
            var codes = new short[4];
            SttnMerge.Merge(first, second, codes);
            x.Zip(codes, (a, t) => a * t).Sum().ShouldBe(row.Integer("dot"));
            (row.Integer("dot1") + row.Integer("dot2")).ShouldBe(2 * row.Integer("dot"));
        }
    }

    [Fact]
    public void Activations_follow_the_vectors_in_training_and_inference()
    {
        var trained = new TernaryActivations();
        var rows = VectorTable.Read("Methods/Sttn/activations.vectors.txt");
        float[] x = [.. rows.Select(row => row.Float("x"))];
        var (quantized, passed, codes) = (new float[x.Length], new float[x.Length], new short[x.Length]);
        trained.Forward(x, [], quantized);
        trained.Backward(x, [], [.. x.Select(_ => 1f)], passed, []);
        new StepActivations("sttn", isNonNegative: false).Encode(x, codes);
        quantized.ShouldBe(rows.Select(row => row.Float("code")));
        codes.Select(code => (float)code).ShouldBe(quantized);
        passed.ShouldBe(rows.Select(row => row.Float("passes")));
    }

    [Fact]
    public void Zero_latents_count_as_positive()
    {
        var codes = new short[2];
        SttnMerge.Merge([0, -0.5f], [-0.5f, 0], codes).ShouldBe(0.5f);
        codes.ShouldBe([(short)0, (short)0]);
        SttnMerge.Merge([0, 0], [0, 0], codes).ShouldBe(0);
        codes.ShouldBe([(short)1, (short)1]);
    }

    [Fact]
    public void A_gradient_step_moves_both_latents()
    {
        var (first, second) = Latents(Channels["ch0"]);
        var (g1, g2) = Gradients(SttnGradient.Repo, first, second, Channels["ch0"].Floats("gradient"));
        for (var k = 0; k < 4; k++) (first[k], second[k]) = (first[k] - (0.1f * g1[k]), second[k] - (0.1f * g2[k]));
        first.ShouldBe([0.485f, -0.225f, 0.065f, -0.935f], 1e-6);
        second.ShouldBe([0.31f, 0.79f, -0.25f, -0.66f], 1e-6);
        SttnMerge.Scale(first, second).ShouldBe(0.465f, 1e-6f);
    }

    [Fact]
    public void A_sub_block_gives_the_next_codes()
    {
        float[] x = [0.7f, -0.2f, -0.5f, 0.5f];
        short[] codes = [.. x.Select(value => (short)SttnReference.NextCode(value, 1, 0))];
        codes.ShouldBe([(short)1, (short)0, (short)0, (short)1]);
        float[] shortcuts = [0.4f, -1.25f];
        float[] slopes = [0.25f, -0.5f];
        int[] next = [0, 1];
        float[] after = [-0.15f, 0.2f];
        foreach (var m in new[] { 0, 1 })
        {
            var (first, second) = Latents(Channels[$"ch{m}"]);
            var y = SttnReference.Output(codes, first, second, 0);
            y.ShouldBe(m == 0 ? 0 : 0.925f, 1e-6f);
            var p = SttnReference.AfterLayer(y, 2, -1, shortcuts[m], slopes[m]);
            p.ShouldBe(after[m], 1e-6f);
            SttnReference.NextCode(p, 4, 0.1f).ShouldBe(next[m]);
        }
    }

    [Fact]
    public void Thresholds_fold_into_integers()
    {
        foreach (var row in VectorTable.Read("Methods/Sttn/folds.vectors.txt"))
        {
            var plus = DotThreshold.Fold(row.Number("a"), row.Number("c"), 0.5, inclusive: true, 9);
            var minus = DotThreshold.Fold(row.Number("a"), row.Number("c"), -0.5, inclusive: true, 9).Not();
            Text(plus).ShouldBe(row["plus"], row.ToString());
            Text(minus).ShouldBe(row["minus"], row.ToString());
        }
    }

    [Fact]
    public void The_share_of_zeros_follows_the_correlation_of_the_latents()
    {
        foreach (var row in VectorTable.Read("Methods/Sttn/zero-shares.vectors.txt"))
        {
            var random = new SeededRandom(7);
            var (rho, zeros) = (row.Number("rho"), 0);
            const int Pairs = 1_000_000;
            for (var i = 0; i < Pairs; i++)
            {
                var u = random.NextGaussian();
                var v = (rho * u) + (Math.Sqrt(1 - (rho * rho)) * random.NextGaussian());
                if (u >= 0 != v >= 0) zeros++;
            }

            ((double)zeros / Pairs).ShouldBe(row.Number("zeros"), 0.002);
        }
    }

    private static string Text(DotThreshold rule) => $"{(rule.IsUpper ? ">=" : "<=")} {rule.Bound}";

    private static (float[] First, float[] Second) Latents(VectorRow row)
        => ([.. row.Floats("v1").Select(v => Math.Clamp(v, -1, 1))], [.. row.Floats("v2").Select(v => Math.Clamp(v, -1, 1))]);

    private static (float[] First, float[] Second) Gradients(SttnGradient form, float[] first, float[] second, float[] gradient)
    {
        var (g1, g2) = (new float[first.Length], new float[first.Length]);
        new SttnWeights(1, first.Length, new SttnOptions { Gradient = form }).Backward(first, [second], gradient, g1, [g2]);
        return (g1, g2);
    }
}
