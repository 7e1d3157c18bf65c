using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.Uniform;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.Uniform;

/// <summary>The lowered form of the exact product against its definition, Σ(q_a − z)·q_w, on random layers.</summary>
public class ExactProductTests
{
    public static TheoryData<string> Recipes => new(
        "int8", "int4", "int8:asymmetric", "uniform:w=2,a=2", "uniform:w=3,a=5,asymmetric", "uniform:w=7,a=7,clip=percentile,percentile=97",
        "uniform:w=16,a=16", "int8:granularity=per-tensor,asymmetric,clip=min-max", "fxp:bits=8", "fxp:bits=16", "fxp:bits=3", "log:bits=4", "log:bits=5,rounding=log",
        "log:bits=3,operands=weights", "log:bits=4,operands=activations");

    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_lowered_layer_is_the_definition(string recipe)
    {
        var random = new Random(recipe.Length);
        var method = (ILayerMethod)Recipe.Parse(recipe).Steps[0].Component;
        for (var repetition = 0; repetition < 1000; repetition++)
        {
            var drawn = RandomLayer.Draw(random, rows: 4);
            var draft = new LayerDraft(drawn.Layer);
            method.Fill(draft);
            DefaultSlots.Fill(draft);
            var lowered = ExactDatapath.Instance.Lower(draft);
            for (var group = 0; group < drawn.Layer.Groups; group++) CheckRow(draft, lowered, group, Padded(drawn.Patches[group][0], drawn.Layer, random));
        }
    }

    [Fact]
    public void A_zero_point_is_taken_out_by_column_sums()
    {
        // Uniform baselines, section 4.6: two outputs, z = 128; raw products 3646 and 17216.
        var layer = new DotProductLayer
        {
            Name = "matmul",
            Index = 0,
            Kind = LayerKind.FullyConnected,
            Positions = 1,
            Outputs = 2,
            Depth = 3,
            Weights = new float[6],
            Bias = new float[2],
            Input = new SampleStatistics(new float[3]),
        };
        short[] weights = [3, 100, -128, -4, 5, 127];
        ProductTerm[] terms = [new(TableCode.Identity(new CodeRange(0, 255)), weights)];
        var offsets = LoweringMath.ZeroPointOffsets(terms, 128, layer);
        offsets.ShouldBe([3200L, -16384L]);
        short[] input = [10, 200, 128];
        (Dot(input, weights.AsSpan(0, 3)), Dot(input, weights.AsSpan(3, 3))).ShouldBe((3646, 17216));
        (3646 + offsets[0], 17216 + offsets[1]).ShouldBe((6846, 832));
    }

    [Fact]
    public void An_eight_bit_bias_saturates_at_32_bits()
        => LoweringMath.IntegerBias([1e9f, -1e9f, 0.25f], [1e-3f, 1e-3f, 0.1f], MidpointRounding.ToEven).ShouldBe([int.MaxValue, int.MinValue, 2]);

    private static long Dot(ReadOnlySpan<short> a, ReadOnlySpan<short> b)
    {
        long sum = 0;
        for (var k = 0; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }

    private static float[] Padded(float[] patch, DotProductLayer layer, Random random)
    {
        // Whole kernel positions are padding: real zero, which is the zero point's own code.
        for (var position = 0; position < layer.KernelHeight * layer.KernelWidth; position++)
        {
            if (random.Next(4) == 0) patch.AsSpan(position * layer.ChannelsPerGroup, layer.ChannelsPerGroup).Clear();
        }

        return patch;
    }

    private static void CheckRow(LayerDraft draft, LoweredLayer lowered, int group, float[] patch)
    {
        var (layer, weights, input) = (draft.Layer, draft.Weights!.Single, draft.Activations!);
        var codes = new short[layer.Depth];
        input.Encode(patch, codes);
        var outputs = layer.Outputs / layer.Groups;
        var actual = new float[outputs];
        LoweredReference.Evaluate(lowered, group, codes, actual);
        for (var i = 0; i < outputs; i++)
        {
            var m = (group * outputs) + i;
            var scale = input.Scale * weights.Scales[m];
            long sum = 0;
            for (var k = 0; k < layer.Depth; k++) sum += (long)(codes[k] - input.ZeroPoint) * weights.Codes[(m * layer.Depth) + k];
            var bias = layer.Bias.Span[m];
            var hasIntegerBias = weights.Bits <= 8 && input.Bits <= 8;
            if (hasIntegerBias) sum += (long)Math.Clamp(Math.Round((double)(bias / scale)), int.MinValue, int.MaxValue);
            actual[i].ShouldBe(((float)sum * scale) + (hasIntegerBias ? 0 : bias));
            Math.Abs(sum).ShouldBeLessThanOrEqualTo(lowered.SumBound(lowered.Groups[0]));
        }
    }
}
