using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.FixedPoint;

public class FixedPointTests
{
    [Fact]
    public void Scales_are_powers_of_two_and_codes_take_the_full_range()
    {
        var random = new Random(16);
        for (var bits = 2; bits <= 16; bits++)
        {
            var draft = new LayerDraft(RandomLayer.Draw(random).Layer);
            ((ILayerMethod)Recipe.Parse($"fxp:bits={bits}").Steps[0].Component).Fill(draft);
            float.IsPow2(draft.Activations!.Scale).ShouldBeTrue();
            draft.Weights!.Single.Scales.ShouldAllBe(scale => float.IsPow2(scale) && scale == draft.Weights.Single.Scales[0]);
            draft.Activations.Range.ShouldBe(CodeRange.Signed(bits));
            draft.Activations.ZeroPoint.ShouldBe(0);
            draft.Weights.Single.Range.Magnitude.ShouldBeLessThanOrEqualTo(1 << (bits - 1));
        }
    }

    [Fact]
    public void The_error_is_at_most_half_a_step_of_each_operand()
    {
        var random = new Random(17);
        for (var repetition = 0; repetition < 50; repetition++)
        {
            var drawn = RandomLayer.Draw(random);
            var draft = new LayerDraft(drawn.Layer);
            ((ILayerMethod)Recipe.Parse("fxp:bits=16").Steps[0].Component).Fill(draft);
            var lowered = ExactDatapath.Instance.Lower(draft);
            var patch = drawn.Patches[0][0];
            var codes = new short[patch.Length];
            draft.Activations!.Encode(patch, codes);
            var outputs = new float[drawn.Layer.Outputs / drawn.Layer.Groups];
            LoweredReference.Evaluate(lowered, 0, codes, outputs);
            for (var m = 0; m < outputs.Length; m++)
            {
                var exact = drawn.Layer.Bias.Span[m] + patch.Select((value, k) => (double)value * drawn.Layer.Row(m)[k]).Sum();
                var (activationStep, weightStep) = (draft.Activations.Scale, draft.Weights!.Single.Scales[m]);
                var bound = patch.Select((value, k) => (Math.Abs(drawn.Layer.Row(m)[k]) * activationStep) + ((Math.Abs(value) + activationStep) * weightStep)).Sum();
                ((double)outputs[m]).ShouldBe(exact, (bound / 2) + (1e-6 * Math.Abs(exact)) + (1e-6 * Math.Abs(drawn.Layer.Bias.Span[m])));
            }
        }
    }
}
