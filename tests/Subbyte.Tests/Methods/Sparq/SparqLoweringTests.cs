using Subbyte.Lowering;
using Subbyte.Methods.Sparq;

namespace Subbyte.Tests.Methods.Sparq;

public class SparqLoweringTests
{
    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void The_lowered_layer_is_the_processing_element_on_random_layers(bool stc, bool pairs)
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var options = new SparqOptions
            {
                Window = SparqWindow.All[seed % SparqWindow.All.Count].Name,
                Round = random.Next(2) == 0,
                Pairs = pairs,
                Stc = stc,
                WeightScale = random.Next(2) == 0 ? "255" : "127",
            };
            var geometry = SparqLayers.RandomGeometry(random);
            var layer = SparqLayers.Random(random, geometry, stc);
            var lowered = SparqLayers.Lower(layer, options);
            var map = new float[geometry.InHeight * geometry.InWidth * geometry.InChannels];
            for (var i = 0; i < map.Length; i++) map[i] = random.Next(2) * random.NextSingle() * 1.1f;
            AgreesOnEveryPatch(lowered, options, SparqLayers.Patches(lowered, geometry, map), $"seed {seed}, {options}");
        }
    }

    [Fact]
    public void Sparse_layers_take_only_the_products_that_some_weight_needs()
    {
        var options = new SparqOptions { Stc = true };
        SparqLayers.Lower(SparqLayers.Of([0, 1, 1, 0, 1, 0, 0, 1]), options).Groups[0].Terms.ShouldHaveSingleItem().Activation.RunLength.ShouldBe(4);
        SparqLayers.Lower(SparqLayers.Of([1, 0, 1, 0, 0, 0, 0, 1]), options).Groups[0].Terms.Count.ShouldBe(2);
        SparqLayers.Lower(SparqLayers.Of([0, 0, 0, 0]), options).Groups[0].Terms.ShouldHaveSingleItem();
    }

    [Fact]
    public void Several_weight_planes_are_several_groups()
    {
        var draft = new LayerDraft(SparqLayers.Of([1f, -0.5f, 0.25f]));
        draft.Fill(new WeightCodes("planes", [new WeightPlane([1, -1, 1], [0.7f], 1), new WeightPlane([1, 1, -1], [0.3f], 1)], 70));
        var lowered = SparqLayers.Lower(draft, new SparqOptions());
        lowered.Groups.Select(group => group.Scales[0]).ShouldBe([lowered.Input!.Scale * 0.7f, lowered.Input.Scale * 0.3f]);
    }

    private static void AgreesOnEveryPatch(LoweredLayer lowered, SparqOptions options, short[] rows, string what)
    {
        var unit = new TrimmingUnit(SparqWindow.Find(options.Window), options.Round, options.Pairs);
        var layer = lowered.Layer;
        var weights = lowered.Groups[0].Terms.Aggregate(new short[layer.Outputs * layer.Depth], (sum, term) => [.. sum.Zip(term.Weights, (a, b) => (short)(a + b))]);
        var outputs = new float[layer.Outputs];
        for (var start = 0; start < rows.Length; start += layer.Depth)
        {
            var patch = rows.AsSpan(start, layer.Depth);
            LoweredReference.Evaluate(lowered, 0, patch, outputs);
            for (var m = 0; m < layer.Outputs; m++)
            {
                var row = weights.AsSpan(m * layer.Depth, layer.Depth);
                var sum = options.Stc ? SparqProcessingElement.SparseDotProduct(unit, patch, row) : SparqProcessingElement.DotProduct(unit, patch, row);
                var expected = ((float)sum * lowered.Groups[0].Scales[m]) + layer.Bias.Span[m];
                outputs[m].ShouldBe(expected, what);
            }
        }
    }
}
