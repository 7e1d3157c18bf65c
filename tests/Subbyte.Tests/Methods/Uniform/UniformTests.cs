using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.Uniform;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.Uniform;

public class UniformTests
{
    [Fact]
    public void Empty_slots_hold_int8()
    {
        var layer = RandomLayer.Draw(new Random(10)).Layer;
        var (empty, named) = (new LayerDraft(layer), new LayerDraft(layer));
        DefaultSlots.Fill(empty);
        Fill("int8", named);
        empty.Weights!.Single.Codes.ShouldBe(named.Weights!.Single.Codes);
        empty.Activations!.Scale.ShouldBe(named.Activations!.Scale);
        empty.Weights.FilledBy.ShouldBe("int8");
        DefaultSlots.Fill(empty);
    }

    [Fact]
    public void Non_negative_activations_are_unsigned_and_others_symmetric()
    {
        Activations("int8", [0, 1, 3]).Range.ShouldBe(new CodeRange(0, 255));
        Activations("int8", [-1, 1, 3]).Range.ShouldBe(new CodeRange(-128, 127));
        Activations("int8", [-1, 1, 3]).ZeroPoint.ShouldBe(0);
        var asymmetric = Activations("int8:asymmetric,clip=min-max", [-1, 1, 3]);
        asymmetric.Range.ShouldBe(new CodeRange(0, 255));
        asymmetric.ZeroPoint.ShouldBe(64);
    }

    [Fact]
    public void Unsigned_sixteen_bit_codes_move_into_signed_ones()
    {
        var activations = Activations("uniform:a=16", [0, 1, 3]);
        activations.Range.ShouldBe(new CodeRange(short.MinValue, short.MaxValue));
        activations.ZeroPoint.ShouldBe(short.MinValue);
        var codes = new short[3];
        activations.Encode([0, 3, 1], codes);
        codes.ShouldBe([short.MinValue, short.MaxValue, (short)(21845 + short.MinValue)]);
    }

    [Fact]
    public void Ranges_default_by_bits_and_may_be_chosen_apart()
    {
        var random = new Random(11);
        var layer = Layer([.. Enumerable.Range(0, 20_000).Select(_ => (float)Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())))]);
        Same(layer, "uniform:w=6,a=8", "uniform:w=6,a=8,w-clip=min-max,a-clip=kl");
        Same(layer, "uniform:w=5,a=6", "uniform:w=5,a=6,clip=mse");
        Same(layer, "uniform:w=8,a=12", "uniform:w=8,a=12,clip=min-max");
        Same(layer, "uniform:w=4,a=4,clip=percentile,w-clip=kl", "uniform:w=4,a=4,w-clip=kl,a-clip=percentile");
        Same(layer, "int4", "uniform:w=4,a=8");
    }

    [Fact]
    public void The_default_leaves_the_entropy_rule_where_it_cuts_off_what_matters()
    {
        // A Pareto tail: most values are small, and much of the energy is in a few large ones.
        var layer = Layer([.. Enumerable.Range(0, 20_000).Select(i => (float)(Math.Pow(1 - ((i + 0.5) / 20_000), -0.4) - 1))]);
        Same(layer, "int8", "int8:a-clip=mse");
        Step(layer, "int8:a-clip=kl").ShouldBeLessThan(Step(layer, "int8") / 3);
    }

    [Fact]
    public void All_codes_of_weights_reach_half_a_step_beyond_the_clip()
    {
        var (narrow, full) = (Weights("uniform:w=2,a=float,w-clip=min-max"), Weights("uniform:w=2,a=float,w-clip=min-max,codes=full"));
        narrow.Scales[0].ShouldBe(1);
        narrow.Codes.ShouldBe([(short)0, (short)-1, (short)1]);
        // Δ = 2·1/3: −1/Δ = −1.5 rounds to −2, the even one; 0.7/Δ = 1.05.
        full.Scales[0].ShouldBe(2f / 3);
        full.Codes.ShouldBe([(short)0, (short)-2, (short)1]);
    }

    [Theory]
    [InlineData("step-ratio=0.7", 0.1)]
    [InlineData("step-ratio=1.3", 0.1857142857)]
    [InlineData("step=power-of-two", 0.125)]
    [InlineData("step=power-of-two,step-ratio=1.2", 0.125)]
    [InlineData("step=power-of-two,step-ratio=1.3", 0.25)]
    public void Steps_of_weights_may_be_missed_or_powers_of_two(string options, double expected)
    {
        // Four bits: the largest weight 1 is code 7, a step of 1/7; 0.1714 and 0.1857 lie on both sides of √2/8.
        var weights = Weights($"uniform:w=4,a=float,w-clip=min-max,{options}");
        ((double)weights.Scales[0]).ShouldBe(expected, 1e-7);
        weights.Codes[1].ShouldBe((short)Math.Max(-7, Math.Round(-1 / expected)));
    }

    [Fact]
    public void All_codes_go_with_ranges_that_do_not_depend_on_them()
        => Should.Throw<UserErrorException>(() => Recipe.Parse("uniform:w=4,codes=full")).Message.ShouldContain("w-clip=min-max");

    [Fact]
    public void One_scale_serves_all_channels_on_request()
    {
        var layer = RandomLayer.Draw(new Random(12)).Layer;
        var draft = new LayerDraft(layer);
        Fill("int8:granularity=per-tensor", draft);
        draft.Weights!.Single.Scales.Distinct().Count().ShouldBe(1);
        draft.Weights.StorageBits.ShouldBe((8L * layer.Outputs * layer.Depth) + 32);
        draft.Weights.Single.Range.Magnitude.ShouldBe(127);
    }

    [Fact]
    public void Float_activations_leave_a_weights_only_layer()
    {
        var draft = new LayerDraft(RandomLayer.Draw(new Random(13)).Layer);
        Fill("uniform:w=3,a=float", draft);
        DefaultSlots.Fill(draft);
        draft.Activations.ShouldBeNull();
        var lowered = ExactDatapath.Instance.Lower(draft);
        lowered.IsWeightsOnly.ShouldBeTrue();
        lowered.FloatWeights.Zip(draft.Weights!.Single.Codes, (weight, code) => code == 0 ? weight == 0 : Math.Sign(weight) == Math.Sign(code)).ShouldAllBe(same => same);
    }

    [Fact]
    public void Two_steps_share_a_layer_by_operand()
    {
        var draft = new LayerDraft(RandomLayer.Draw(new Random(14)).Layer);
        Fill("uniform:w=4,operands=weights", draft);
        Fill("log:bits=4,operands=activations", draft);
        draft.Weights!.FilledBy.ShouldBe("uniform");
        draft.Activations!.FilledBy.ShouldBe("log");
        Should.Throw<UserErrorException>(() => Fill("int8", draft)).Message.ShouldContain("uniform");
    }

    [Theory]
    [InlineData("int8", true)]
    [InlineData("int4", false)]
    [InlineData("uniform:w=8,a=float", true)]
    [InlineData("uniform:w=8,a=6", false)]
    [InlineData("fxp:bits=8", true)]
    [InlineData("fxp:bits=7", false)]
    [InlineData("log:bits=5", false)]
    public void Eight_bits_cover_the_end_layers(string recipe, bool covers) => Method(recipe).CoversEnds.ShouldBe(covers);

    [Theory]
    [InlineData("uniform:a=12,clip=kl")]
    [InlineData("uniform:w=12,w-clip=kl")]
    [InlineData("uniform:w=1")]
    [InlineData("uniform:a=17")]
    [InlineData("uniform:clip=best")]
    [InlineData("fxp:bits=17")]
    [InlineData("log:bits=6")]
    public void Options_out_of_range_are_usage_errors(string recipe) => Should.Throw<UserErrorException>(() => Recipe.Parse(recipe));

    [Fact]
    public void A_channel_of_zeros_has_scale_one()
    {
        var layer = new DotProductLayer
        {
            Name = "zeros",
            Index = 0,
            Kind = LayerKind.FullyConnected,
            Positions = 1,
            Outputs = 2,
            Depth = 2,
            Weights = new float[] { 0, 0, 1, -2 },
            Bias = new float[2],
            Input = new SampleStatistics(0, 0),
        };
        foreach (var recipe in new[] { "int8", "uniform:w=4,a=4", "int8:clip=percentile", "int8:clip=kl", "log:bits=4" })
        {
            var draft = new LayerDraft(layer);
            Fill(recipe, draft);
            draft.Weights!.Single.Scales[0].ShouldBe(1, recipe);
            draft.Weights.Single.Codes[..2].ShouldBe([0, 0], recipe);
            draft.Activations!.Scale.ShouldBe(1, recipe);
        }
    }

    /// <summary>Term Revealing's sign-magnitude form: ⌊|x|/Δ + ½⌋, the division in float32, the ½ added in double.</summary>
    [Fact]
    public void Rounding_half_away_from_zero_is_the_sign_magnitude_form()
    {
        var random = new Random(15);
        var values = Enumerable.Range(-40, 81).Select(i => i / 4f)
            .Concat([MathF.BitDecrement(0.5f), MathF.BitDecrement(1.5f), 0.49999997f, -0.49999997f, 8388607.5f, 1e30f, float.PositiveInfinity])
            .Concat(Enumerable.Range(0, 2000).Select(_ => (float)((random.NextDouble() - 0.5) * 40))).ToArray();
        foreach (var step in new[] { 1f, 0.037f })
        {
            var quantizer = new UniformActivations("test", new CodeRange(-255, 255), step, 0, 8, Rounding.HalfAwayFromZero);
            var codes = new short[values.Length];
            quantizer.Encode(values, codes);
            for (var i = 0; i < values.Length; i++)
            {
                var magnitude = Math.Min(Math.Floor((double)(Math.Abs(values[i]) / step) + 0.5), 255);
                codes[i].ShouldBe((short)(values[i] < 0 ? -magnitude : magnitude), $"{values[i]:R} / {step:R}");
            }
        }
    }

    private static void Same(DotProductLayer layer, string first, string second)
    {
        var (a, b) = (new LayerDraft(layer), new LayerDraft(layer));
        Fill(first, a);
        Fill(second, b);
        a.Weights!.Single.Codes.ShouldBe(b.Weights!.Single.Codes, first);
        a.Weights.Single.Scales.ShouldBe(b.Weights.Single.Scales, first);
        a.Activations!.Scale.ShouldBe(b.Activations!.Scale, first);
    }

    private static WeightPlane Weights(string recipe)
    {
        var draft = new LayerDraft(Layer([0, 1, 3]));
        Fill(recipe, draft);
        return draft.Weights!.Single;
    }

    private static float Step(DotProductLayer layer, string recipe)
    {
        var draft = new LayerDraft(layer);
        Fill(recipe, draft);
        return draft.Activations!.Scale;
    }

    private static IActivationQuantizer Activations(string recipe, float[] input)
    {
        var draft = new LayerDraft(Layer(input));
        Fill(recipe, draft);
        return draft.Activations!;
    }

    private static DotProductLayer Layer(float[] input) => new()
    {
        Name = "layer",
        Index = 0,
        Kind = LayerKind.FullyConnected,
        Positions = 1,
        Outputs = 1,
        Depth = 3,
        Weights = new float[] { 0.3f, -1, 0.7f },
        Bias = new float[1],
        Input = new SampleStatistics(input),
    };

    private static void Fill(string recipe, LayerDraft draft) => Method(recipe).Fill(draft);

    private static ILayerMethod Method(string recipe) => (ILayerMethod)Recipe.Parse(recipe).Steps[0].Component;
}
