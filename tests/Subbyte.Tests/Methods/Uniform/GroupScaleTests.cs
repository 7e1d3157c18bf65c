using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.Uniform;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.Uniform;

public class GroupScaleTests
{
    [Fact]
    public void Each_run_of_inputs_has_the_grid_of_its_own_weights()
    {
        var layer = Layer(outputs: 3, depth: 70);
        var plane = Draft(layer, "int4:group=32,clip=min-max").Weights!.Single;
        plane.GroupScales.Count.ShouldBe(3);
        for (var m = 0; m < layer.Outputs; m++)
        {
            for (var k = 0; k < layer.Depth; k++)
            {
                var run = layer.Row(m).Slice(k / 32 * 32, Math.Min(32, 70 - (k / 32 * 32)));
                var grid = UniformGrid.Narrow(MinMaxClip.Of(run), 4);
                plane.ScaleOf(m, k).ShouldBe(grid.Scale);
                plane.Codes[(m * 70) + k].ShouldBe((short)grid.Quantize(layer.Row(m)[k]));
            }
        }
    }

    [Fact]
    public void A_row_no_longer_than_a_group_has_one_scale()
        => Draft(Layer(outputs: 2, depth: 32), "int4:group=32").Weights!.Single.Scales.Length.ShouldBe(2);

    [Fact]
    public void Scales_count_as_storage_and_as_operations()
    {
        var layer = Layer(outputs: 3, depth: 70);
        var draft = Draft(layer, "int4:group=32");
        draft.Weights!.StorageBits.ShouldBe((4 * 210) + (32 * 9));
        var cost = ExactDatapath.Instance.Lower(draft).Cost.Start().Count(1);
        cost.WeightStorageBits.ShouldBe((4 * 210) + (32 * 9));
        cost.Operations["groupScales"].ShouldBe(layer.Positions * 9);
    }

    [Fact]
    public void The_output_is_the_sum_of_the_runs_at_their_scales()
    {
        var random = new Random(81);
        var checkedRows = 0;
        for (var repetition = 0; repetition < 1000; repetition++)
        {
            var drawn = RandomLayer.Draw(random);
            var recipe = (repetition % 3) switch { 0 => "int4:group=32", 1 => "uniform:w=3,a=5,group=32,asymmetric", _ => "uniform:w=7,a=9,group=32,clip=min-max" };
            var draft = Draft(drawn.Layer, recipe);
            if (!draft.Weights!.HasGroupScales) continue;
            var lowered = ExactDatapath.Instance.Lower(draft);
            for (var group = 0; group < drawn.Layer.Groups; group++, checkedRows++) CheckRow(draft, lowered, group, drawn.Patches[group][0]);
        }

        checkedRows.ShouldBeGreaterThan(200);
    }

    [Fact]
    public void Smaller_groups_leave_a_smaller_error()
    {
        var layer = Layer(outputs: 16, depth: 512);
        double[] errors = [.. new[] { "off", "128", "64", "32" }.Select(group => Error(layer, $"uniform:w=4,a=float,group={group}"))];
        errors.ShouldBe([.. errors.OrderDescending()]);
        errors[3].ShouldBeLessThan(0.8 * errors[0]);
    }

    [Theory]
    [InlineData("int4:group=32 + sparq")]
    [InlineData("int4:group=32,operands=weights + nb-smt")]
    public void Datapaths_with_one_scale_a_channel_say_so(string recipe)
    {
        var draft = Draft(Layer(outputs: 3, depth: 70), recipe);
        Should.Throw<UserErrorException>(() => RecipeApplication.Complete(draft)).Message.ShouldContain("one weight scale for each output channel");
    }

    [Fact]
    public void Groups_and_one_scale_a_layer_exclude_each_other()
        => Should.Throw<UserErrorException>(() => Recipe.Parse("int4:group=32,granularity=per-tensor")).Message.ShouldContain("leave out one of them");

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
            double total = 0;
            for (var first = 0; first < layer.Depth; first += 32)
            {
                long sum = 0;
                for (var k = first; k < Math.Min(first + 32, layer.Depth); k++) sum += (long)(codes[k] - input.ZeroPoint) * weights.Codes[(m * layer.Depth) + k];
                total += sum * (double)(input.Scale * weights.ScaleOf(m, first));
            }

            actual[i].ShouldBe((float)total + layer.Bias.Span[m]);
        }
    }

    private static double Error(DotProductLayer layer, string recipe)
    {
        var plane = Draft(layer, recipe).Weights!.Single;
        return Enumerable.Range(0, layer.Outputs * layer.Depth).Sum(i => Math.Pow(layer.Weights.Span[i] - (plane.Codes[i] * plane.ScaleOf(i / layer.Depth, i % layer.Depth)), 2));
    }

    private static LayerDraft Draft(DotProductLayer layer, string recipe)
    {
        var draft = new LayerDraft(layer);
        foreach (var step in Recipe.Parse(recipe).Steps) ((ILayerMethod)step.Component).Fill(draft);
        DefaultSlots.Fill(draft);
        return draft;
    }

    private static DotProductLayer Layer(int outputs, int depth)
    {
        var random = new Random(outputs * depth);
        return new DotProductLayer
        {
            Name = "fc",
            Index = 1,
            Kind = LayerKind.FullyConnected,
            Positions = 5,
            Outputs = outputs,
            Depth = depth,
            Weights = Enumerable.Range(0, outputs * depth).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(7 * random.NextDouble()))).ToArray(),
            Bias = new float[outputs],
            Input = new SampleStatistics(0, 1, 2.5f),
        };
    }
}
