using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.Sttn;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.Sttn;

/// <summary>The lowered layer against the two binary kernels of training, and what the method refuses.</summary>
public sealed class SttnLoweringTests
{
    [Fact]
    public void The_lowered_layer_is_both_branches_bit_for_bit()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var drawn = RandomLayer.Draw(new Random(seed), rows: 3);
            var (layer, first, second) = Trained(drawn.Layer, (ulong)seed);
            var lowered = Lower(layer);
            lowered.Groups.ShouldHaveSingleItem();
            var codes = new short[layer.Depth];
            var perGroup = layer.Outputs / layer.Groups;
            var outputs = new float[perGroup];
            for (var group = 0; group < layer.Groups; group++)
            {
                foreach (var patch in drawn.Patches[group])
                {
                    lowered.Input!.Encode(patch, codes);
                    LoweredReference.Evaluate(lowered, group, codes, outputs);
                    for (var i = 0; i < perGroup; i++)
                    {
                        var at = ((group * perGroup) + i) * layer.Depth;
                        outputs[i].ShouldBe(SttnReference.Output(codes, first.AsSpan(at, layer.Depth), second.AsSpan(at, layer.Depth), layer.Bias.Span[(group * perGroup) + i]), $"seed {seed}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Weights_on_other_levels_are_refused_with_the_way_out()
    {
        var layer = RandomLayer.Draw(new Random(1)).Layer;
        Should.Throw<UserErrorException>(() => Lower(layer)).Message.ShouldContain("train the network with 'sttn' first");
    }

    [Fact]
    public void Equal_latents_never_give_a_zero()
    {
        var quantizer = new SttnWeights(3, 20, new SttnOptions { Start = SttnStart.Equal });
        var (values, second) = (new float[60], new float[60]);
        quantizer.Initialize(values, [second], new SeededRandom(3));
        quantizer.Codes(values, [second]).Single.Codes.ShouldAllBe(code => code != 0);
    }

    [Fact]
    public void Independent_latents_begin_with_half_of_the_weights_at_zero()
    {
        const int Weights = 40_000;
        var quantizer = new SttnWeights(200, 200, new SttnOptions());
        var (values, second) = (new float[Weights], new float[Weights]);
        quantizer.Initialize(values, [second], new SeededRandom(3));
        var zeros = quantizer.Codes(values, [second]).Single.Codes.Count(code => code == 0);
        ((double)zeros / Weights).ShouldBe(0.5, 2 / Math.Sqrt(Weights));
    }

    [Fact]
    public void Swapping_the_latents_changes_nothing_and_scaling_them_only_the_scale()
    {
        var (layer, first, second) = Trained(RandomLayer.Draw(new Random(5)).Layer, 5);
        var n = layer.Depth;
        var (codes, swapped) = (new short[n], new short[n]);
        var scale = SttnMerge.Merge(first.AsSpan(0, n), second.AsSpan(0, n), codes);
        SttnMerge.Merge(second.AsSpan(0, n), first.AsSpan(0, n), swapped).ShouldBe(scale);
        swapped.ShouldBe(codes);
        SttnMerge.Merge([.. first[..n].Select(v => v / 2)], [.. second[..n].Select(v => v / 2)], swapped).ShouldBe(scale / 2);
        swapped.ShouldBe(codes);
    }

    /// <summary>A layer as training leaves it, with its latents.</summary>
    private static (DotProductLayer Layer, float[] First, float[] Second) Trained(DotProductLayer drawn, ulong seed)
    {
        var quantizer = new SttnWeights(drawn.Outputs, drawn.Depth, new SttnOptions());
        var (first, second) = (new float[drawn.Weights.Length], new float[drawn.Weights.Length]);
        quantizer.Initialize(first, [second], new SeededRandom(seed));
        quantizer.BeginStep(first, [second]);
        var weights = new float[first.Length];
        quantizer.Forward(first, [second], weights);
        var layer = new DotProductLayer
        {
            Name = drawn.Name,
            Index = drawn.Index,
            Kind = drawn.Kind,
            Positions = drawn.Positions,
            Outputs = drawn.Outputs,
            Depth = drawn.Depth,
            Groups = drawn.Groups,
            KernelHeight = drawn.KernelHeight,
            KernelWidth = drawn.KernelWidth,
            Weights = weights,
            Bias = drawn.Bias,
            Input = drawn.Input,
        };
        return (layer, first, second);
    }

    private static LoweredLayer Lower(DotProductLayer layer)
    {
        var draft = new LayerDraft(layer);
        ((ILayerMethod)Recipe.Parse("sttn").Steps[0].Component).Fill(draft);
        return RecipeApplication.Complete(draft);
    }
}
