using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tests.Kernels;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Networks;

/// <summary>
/// The executor's form of a lowered layer (im2col, packed integer products, depthwise kernels, vector epilogues) against the definition
/// of the sum of products, bit for bit, over random layers and every instruction set of the machine.
/// </summary>
[Collection(InstructionSetCollection.Name)]
public sealed class ExecutorEqualsReferenceTests
{
    public static TheoryData<string> Recipes { get; } =
    [
        "int8:layers=*",
        "uniform:w=4,a=4,asymmetric,layers=*",
        "uniform:w=9,a=11,layers=*",
        "int4:group=32,layers=*",
        "uniform:w=3,a=5,asymmetric,group=64,layers=* + output-correction",
        "uniform:w=9,a=11,group=32,layers=*",
        "fxp:bits=8,layers=*",
        "fxp:bits=16,layers=*",
        "log:bits=4,layers=*",
        "tr:layers=*",
        "tr:group=3,budget=4,terms=2,layers=*",
        "sparq:window=5opt,layers=*",
        "sparq:window=2opt,pairs=false,round=false,layers=*",
        "prune:pattern=2:4,ends + sparq:window=3opt,stc,layers=*",
        "nb-smt:layers=*",
        "nb-smt:threads=4,reorder,layers=*",
        "nb-smt:policy=S+aW,split=adjacent,layers=*",
        "nb-smt:threads=4,policy=S+Aw,split=k-halves,layers=*",
        "nb-smt:threads=4,policy=S+W,layers=*",
        "fpec:bits=5,mode=d,layers=*",
        "fpec:bits=6,mode=dz,layers=*",
        "fpec:bits=8,mode=dm,emb=0,layers=*",
        "fpec:bits=13,mode=dz,layers=*",
        "int4:layers=* + output-correction",
    ];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_fast_form_of_random_layers_gives_the_bits_of_the_definition(string recipe) => Compare(Recipe.Parse(recipe), layers: 200, seed: 1);

    [Theory]
    [MemberData(nameof(Recipes))]
    [Trait("Speed", "Slow")]
    public void The_fast_form_of_a_thousand_random_layers_gives_the_bits_of_the_definition(string recipe) => Compare(Recipe.Parse(recipe), layers: 1000, seed: 2);

    [Fact]
    public void A_partner_that_is_not_there_is_none_where_channels_are_one_value_long()
    {
        // A single position of 115 channels: dealt to four threads, the last of them has a missing partner and the first channel right behind it.
        var product = RandomProduct.Draw(new Random(2_000_256));
        product.Geometry.ShouldSatisfyAllConditions(g => g.Positions.ShouldBe(1), g => (g.InChannels % 4).ShouldNotBe(0));
        Compare(product, Recipe.Parse("nb-smt:threads=4,policy=S+W,layers=*").Apply(product.Network, new Calibrator(product.Calibration)), "a single position");
    }

    [Fact]
    public void Any_sum_of_products_gives_the_bits_of_its_definition()
    {
        for (var i = 0; i < 400; i++)
        {
            var random = new Random(i);
            var product = RandomProduct.Draw(random);
            var layer = DotProductLayers.Of(ExecutionPlan.Compile(product.Network), _ => new SampleStatistics(product.Samples[0])).ShouldHaveSingleItem();
            var lowered = RandomSum.Of(layer, random);
            Compare(product, new LowBitNetwork(product.Network, new Dictionary<string, LoweredLayer>(StringComparer.Ordinal) { [layer.Name] = lowered }), $"sum of products {i}");
        }
    }

    private static void Compare(Recipe recipe, int layers, int seed)
    {
        for (var i = 0; i < layers; i++)
        {
            var product = RandomProduct.Draw(new Random((seed * 1_000_000) + i));
            Compare(product, recipe.Apply(product.Network, new Calibrator(product.Calibration)), $"{recipe} on layer {i}");
        }
    }

    private static void Compare(RandomProduct product, LowBitNetwork network, string what)
    {
        var lowered = network.Layers.Values.ShouldHaveSingleItem();
        var expected = product.Samples.SelectMany(sample => Reference(product, lowered, sample)).ToArray();
        InstructionSets.ForEach(set => Run(product, network).ShouldBeBits(expected, $"{what} with {set}: {product.Geometry}"));
    }

    private static float[] Run(RandomProduct product, LowBitNetwork network)
    {
        var plan = ExecutionPlan.Compile(network, new ExecutionOptions { Batch = product.Samples.Length });
        var frame = new ExecutionFrame(plan);
        product.Samples.SelectMany(sample => sample).ToArray().CopyTo(frame.Input.AsSpan<float>());
        frame.Run();
        var output = frame.Results[0].AsSpan<float>();
        var length = output.Length / product.Samples.Length;
        var result = new List<float>();
        for (var i = 0; i < product.Samples.Length; i++) result.AddRange(product.ChannelsLast(output.Slice(i * length, length), product.Geometry.OutChannels));
        return [.. result];
    }

    private static float[] Reference(RandomProduct product, LoweredLayer lowered, float[] sample)
    {
        var g = product.Geometry;
        var input = lowered.Input.ShouldNotBeNull();
        var map = new short[sample.Length];
        input.Encode(product.ChannelsLast(sample, g.InChannels), map);
        var outputs = new float[g.Positions * g.OutChannels];
        for (var position = 0; position < g.Positions; position++)
        {
            for (var group = 0; group < g.Groups; group++)
            {
                var patch = PatchRows.Gather(map, g, group, position, (short)input.ZeroPoint);
                LoweredReference.Evaluate(lowered, group, patch, outputs.AsSpan((position * g.OutChannels) + (group * g.OutputsPerGroup), g.OutputsPerGroup));
            }
        }

        return outputs;
    }
}
