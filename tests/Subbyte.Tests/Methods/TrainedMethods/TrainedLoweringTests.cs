using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.Mlt;
using Subbyte.Methods.Training;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.TrainedMethods;

/// <summary>What training leaves, lowered to integer products, against the products of the forward pass.</summary>
public sealed class TrainedLoweringTests
{
    /// <summary>With fewer weights than that a channel need not show its scales.</summary>
    private const int MostLevels = 24;

    [Theory]
    [InlineData("sttn")]
    [InlineData("sttn:activations=open")]
    [InlineData("si-bnn")]
    [InlineData("si-bnn:activations=sign")]
    [InlineData("xnor-net")]
    [InlineData("binary-connect")]
    [InlineData("twn")]
    [InlineData("ttq")]
    [InlineData("mlt:w=2")]
    [InlineData("mlt:w=3,thresholds=twn")]
    [InlineData("mlt:w=2,a=2")]
    [InlineData("mlt:w=1,a=3")]
    [InlineData("lsq:w=3,a=3")]
    [InlineData("lsq:w=2,a=open")]
    [InlineData("dorefa:w=3,a=2")]
    public void The_lowered_layer_multiplies_what_the_forward_pass_makes(string recipe)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var drawn = RandomLayer.Draw(new Random(seed), rows: 20);
            if (recipe.StartsWith("mlt", StringComparison.Ordinal) && drawn.Layer.Depth < MostLevels) continue;
            var trained = TrainedLayerOf(recipe, drawn, (ulong)seed);
            var lowered = Lower(recipe, trained.Layer);
            var perGroup = trained.Layer.Outputs / trained.Layer.Groups;
            var (codes, outputs) = (new short[trained.Layer.Depth], new float[perGroup]);
            for (var group = 0; group < trained.Layer.Groups; group++)
            {
                foreach (var patch in trained.Patches[group])
                {
                    lowered.Input!.Encode(patch, codes);
                    LoweredReference.Evaluate(lowered, group, codes, outputs);
                    for (var i = 0; i < perGroup; i++)
                    {
                        var m = (group * perGroup) + i;
                        double sum = 0, magnitude = Math.Abs(trained.Layer.Bias.Span[m]);
                        for (var k = 0; k < patch.Length; k++)
                        {
                            var activation = lowered.Input is UniformActivations uniform ? (codes[k] - uniform.ZeroPoint) * (double)uniform.Scale : patch[k];
                            sum += activation * trained.Layer.Row(m)[k];
                            magnitude += Math.Abs(activation * trained.Layer.Row(m)[k]);
                        }

                        ((double)outputs[i]).ShouldBe(sum + trained.Layer.Bias.Span[m], (1e-6 * magnitude) + 1e-12, $"{recipe}, seed {seed}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Multi_level_operands_are_the_packed_planes_bit_for_bit()
    {
        var compared = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var drawn = RandomLayer.Draw(new Random(seed), rows: 20);
            if (drawn.Layer.Depth < MostLevels) continue;
            var trained = TrainedLayerOf("mlt:w=2,a=2", drawn, (ulong)seed);
            var lowered = Lower("mlt:w=2,a=2", trained.Layer);
            var layer = trained.Layer;
            var input = lowered.Input.ShouldBeOfType<LevelActivations>();
            var digits = input.Digits;
            var planes = lowered.Groups.Count / digits.Count;
            var (codes, outputs) = (new short[layer.Depth], new float[layer.Outputs / layer.Groups]);
            foreach (var patch in trained.Patches[0])
            {
                input.Encode(patch, codes);
                LoweredReference.Evaluate(lowered, 0, codes, outputs);
                TritPlanes[] activations = [.. digits.Select(digit => TritPlanes.Pack([.. codes.Select(code => digit.Code.Table[code])]))];
                for (var m = 0; m < outputs.Length; m++)
                {
                    var rows = Enumerable.Range(0, planes).Select(i => lowered.Groups[i * digits.Count].Terms[0].Weights.AsSpan(m * layer.Depth, layer.Depth).ToArray()).ToArray();
                    float[] scales = [.. Enumerable.Range(0, planes).Select(i => LevelScale(lowered, i * digits.Count, m, digits[0].Scale))];
                    if (scales.Any(scale => MltLevels.Short(scale) != scale)) continue;
                    compared++;
                    var expected = MltReference.Dot([.. rows.Select(row => TritPlanes.Pack(row))], scales, activations, [.. digits.Select(digit => digit.Scale)]);
                    outputs[m].ShouldBe(expected + layer.Bias.Span[m], $"seed {seed}");
                }
            }
        }

        compared.ShouldBeGreaterThan(1000);
    }

    /// <summary>The weight scale of a group: the product of two short scales is exact, and so is its quotient.</summary>
    private static float LevelScale(LoweredLayer lowered, int group, int output, float activationScale) => lowered.Groups[group].Scales[output] / activationScale;

    /// <summary>A layer as training leaves it: quantized weights, patches of quantized inputs.</summary>
    private static (DotProductLayer Layer, float[][][] Patches) TrainedLayerOf(string recipe, RandomLayer drawn, ulong seed)
    {
        var method = (ITrainingMethod)Recipe.Parse(recipe).Steps[0].Component;
        var source = drawn.Layer;
        var layer = new TrainableLayer
        {
            Name = source.Name,
            Index = 1,
            Count = 3,
            Kind = source.Groups > 1 ? LayerKind.GroupedConvolution : LayerKind.Convolution,
            Outputs = source.Outputs,
            Depth = source.Depth,
            Groups = source.Groups,
            KernelPositions = source.KernelHeight * source.KernelWidth,
        };
        var weights = Quantized(method.Weights(layer)!, source.Weights.ToArray(), seed);
        var patches = drawn.Patches;
        if (method.Activations(layer) is { } activations)
        {
            var (values, count) = (patches.SelectMany(group => group).SelectMany(patch => patch).ToArray(), 0);
            var quantized = Quantized(activations, Padded(values, layer.InputChannels), seed);
            patches = [.. patches.Select(group => group.Select(patch =>
            {
                count += patch.Length;
                return quantized[(count - patch.Length)..count];
            }).ToArray())];
        }

        var trained = new DotProductLayer
        {
            Name = source.Name,
            Index = 1,
            Kind = source.Kind,
            Positions = source.Positions,
            Outputs = source.Outputs,
            Depth = source.Depth,
            Groups = source.Groups,
            KernelHeight = source.KernelHeight,
            KernelWidth = source.KernelWidth,
            Weights = weights,
            Bias = source.Bias,
            Input = new SampleStatistics(patches),
        };
        return (trained, patches);
    }

    /// <summary>Values of whole positions.</summary>
    private static float[] Padded(float[] values, int channels) => [.. values, .. new float[(channels - (values.Length % channels)) % channels]];

    private static float[] Quantized(ITrainableQuantizer quantizer, float[] values, ulong seed)
    {
        float[][] parameters = [.. quantizer.Parameters.Select(parameter => new float[parameter.Length])];
        quantizer.Initialize(values, parameters, new SeededRandom(seed));
        quantizer.BeginStep(values, parameters);
        var quantized = new float[values.Length];
        quantizer.Forward(values, parameters, quantized);
        return quantized;
    }

    private static LoweredLayer Lower(string recipe, DotProductLayer layer)
    {
        var draft = new LayerDraft(layer);
        ((ILayerMethod)Recipe.Parse(recipe).Steps[0].Component).Fill(draft);
        return RecipeApplication.Complete(draft);
    }
}
