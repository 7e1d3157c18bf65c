using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.BitSplit;
using Subbyte.Methods.Uniform;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.BitSplit;

public class BitSplitMethodTests
{
    [Fact]
    public void A_layers_integers_are_those_of_the_reference_channel_by_channel()
    {
        var random = new Random(51);
        for (var repetition = 0; repetition < 1000; repetition++)
        {
            var drawn = RandomLayer.Draw(random);
            var layer = drawn.Layer;
            var bits = random.Next(2, 9);
            var codes = Lower(layer, $"bit-split:w={bits},a=float", out var draft).ShouldNotBeNull().IsWeightsOnly ? draft.Weights!.Single : null;
            codes.ShouldNotBeNull();
            for (var m = 0; m < layer.Outputs; m++)
            {
                var channel = new Channel([.. layer.Row(m).ToArray().Select(w => (double)w)], drawn.Patches[m * layer.Groups / layer.Outputs]);
                var planes = WeightFit.Of(channel.Weights, bits);
                ResponseReference.Solve(planes, channel.Response, channel.Moments, 100);
                codes.Codes.AsSpan(m * layer.Depth, layer.Depth).ToArray().Select(code => (int)code).ShouldBe(planes.Stitch());
                codes.Scales[m].ShouldBe((float)planes.IntegerScale);
            }
        }
    }

    [Fact]
    public void Compensated_layers_multiply_the_codes_of_each_channels_own_scale()
    {
        var random = new Random(52);
        for (var repetition = 0; repetition < 1000; repetition++)
        {
            var drawn = RandomLayer.Draw(random);
            var layer = drawn.Layer;
            var lowered = Lower(layer, $"bit-split:w={random.Next(2, 9)},a={random.Next(2, 9)},ecaq=on", out var draft);
            var input = draft.Activations.ShouldBeOfType<ChannelActivations>();
            var group = random.Next(layer.Groups);
            var row = drawn.Patches[group][0];
            var codes = Enumerable.Range(0, layer.Depth).Select(k => (short)Math.Clamp(MathF.Round(row[k] / Scale(k)), input.Range.Lowest, input.Range.Highest)).ToArray();
            var outputs = new float[layer.Outputs / layer.Groups];
            LoweredReference.Evaluate(lowered, group, codes, outputs);
            for (var i = 0; i < outputs.Length; i++)
            {
                var m = (group * outputs.Length) + i;
                var plane = draft.Weights!.Single;
                var sum = Enumerable.Range(0, layer.Depth).Sum(k => (long)codes[k] * plane.Codes[(m * layer.Depth) + k]);
                outputs[i].ShouldBe((float)(sum + lowered.IntegerBias![m]) * plane.Scales[m]);

                // The weights that statistics see stand for the float input.
                var seen = Enumerable.Range(0, layer.Depth).Sum(k => (double)lowered.FloatWeights[(m * layer.Depth) + k] * codes[k] * Scale(k));
                var size = Enumerable.Range(0, layer.Depth).Sum(k => Math.Abs((double)plane.Codes[(m * layer.Depth) + k] * codes[k])) * plane.Scales[m];
                seen.ShouldBe(sum * (double)plane.Scales[m], 1e-5 * (size + 1e-30));
            }

            float Scale(int k) => input.ChannelScales[(group * layer.ChannelsPerGroup) + (k % layer.ChannelsPerGroup)];
        }
    }

    [Fact]
    public void The_form_with_the_smaller_error_is_chosen()
    {
        var random = new Random(53);
        var forms = new HashSet<Type>();
        for (var repetition = 0; repetition < 60; repetition++)
        {
            var layer = RandomLayer.Draw(random, rows: 40).Layer;
            Lower(layer, "bit-split:w=4,a=3,ecaq=off", out var off);
            off.Activations.ShouldBeOfType<UniformActivations>();
            Lower(layer, "bit-split:w=4,a=3", out var chosen);
            forms.Add(chosen.Activations!.GetType());
            if (chosen.Activations is UniformActivations) chosen.Weights!.Single.Codes.ShouldBe(off.Weights!.Single.Codes);
        }

        forms.Count.ShouldBe(2);
    }

    [Fact]
    public void Output_channels_do_not_depend_on_each_other_and_zeros_stay_zeros()
    {
        var random = new Random(54);
        var drawn = RandomLayer.Draw(random, rows: 40);
        while (drawn.Layer.Groups > 1 || drawn.Layer.Outputs < 3) drawn = RandomLayer.Draw(random, rows: 40);
        var layer = drawn.Layer;
        Lower(layer, "bit-split", out var straight);
        var reversed = With(layer, [.. Enumerable.Range(0, layer.Outputs).Reverse().SelectMany(m => layer.Row(m).ToArray())]);
        Lower(reversed, "bit-split", out var turned);
        turned.Weights!.Single.Codes.Chunk(layer.Depth).Reverse().SelectMany(row => row).ShouldBe(straight.Weights!.Single.Codes);
        turned.Weights.Single.Scales.Reverse().ShouldBe(straight.Weights.Single.Scales);

        var silenced = layer.Weights.ToArray();
        Array.Clear(silenced, 0, layer.Depth);
        Lower(With(layer, silenced), "bit-split:a=4,ecaq=off", out var silent);
        silent.Weights!.Single.Codes.Take(layer.Depth).ShouldAllBe(code => code == 0);
        float.IsFinite(silent.Weights.Single.Scales[0]).ShouldBeTrue();
    }

    [Fact]
    public void Activations_stay_open_for_another_step_unless_they_are_asked_for()
    {
        var layer = RandomLayer.Draw(new Random(55)).Layer;
        var draft = new LayerDraft(layer);
        Method("bit-split").Fill(draft);
        draft.HasActivations.ShouldBeFalse();
        draft.Datapath.ShouldBeNull();
        DefaultSlots.Fill(draft);
        draft.Activations!.FilledBy.ShouldBe("int8");
        Method("bit-split").CoversEnds.ShouldBeFalse();
        Method("bit-split:w=8").CoversEnds.ShouldBeTrue();
        Method("bit-split:w=8,a=4").CoversEnds.ShouldBeFalse();
        Should.Throw<UserErrorException>(() => Recipe.Parse("bit-split:w=1")).Message.ShouldContain("2..8");
        Should.Throw<UserErrorException>(() => Recipe.Parse("bit-split:a=9")).Message.ShouldContain("open|2|3");
    }

    private static DotProductLayer With(DotProductLayer layer, float[] weights) => new()
    {
        Name = layer.Name,
        Index = layer.Index,
        Kind = layer.Kind,
        Positions = layer.Positions,
        Outputs = layer.Outputs,
        Depth = layer.Depth,
        KernelHeight = layer.KernelHeight,
        KernelWidth = layer.KernelWidth,
        Weights = weights,
        Bias = layer.Bias,
        Input = layer.Input,
    };

    private static ILayerMethod Method(string recipe) => (ILayerMethod)Recipe.Parse(recipe).Steps[0].Component;

    private static LoweredLayer Lower(DotProductLayer layer, string recipe, out LayerDraft draft)
    {
        draft = new LayerDraft(layer);
        Method(recipe).Fill(draft);
        return RecipeApplication.Complete(draft);
    }
}
