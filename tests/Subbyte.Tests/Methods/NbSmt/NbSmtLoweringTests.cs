using Subbyte.Lowering;
using Subbyte.Methods.NbSmt;
using Subbyte.Tests.Methods.Sparq;

namespace Subbyte.Tests.Methods.NbSmt;

/// <summary>The lowered form against the processing element, and which products it takes.</summary>
public class NbSmtLoweringTests
{
    [Theory]
    [MemberData(nameof(NbSmtVectors.Settings), MemberType = typeof(NbSmtVectors))]
    public void The_lowered_layer_is_the_processing_element_on_random_layers(string policy, int threads, ThreadSplit split, bool reorder)
        => Compare(policy, threads, split, reorder, layers: 40, seed: 1);

    [Theory]
    [MemberData(nameof(NbSmtVectors.Settings), MemberType = typeof(NbSmtVectors))]
    [Trait("Speed", "Slow")]
    public void The_lowered_layer_is_the_processing_element_on_a_thousand_random_layers(string policy, int threads, ThreadSplit split, bool reorder)
        => Compare(policy, threads, split, reorder, layers: 1000, seed: 2);

    [Fact]
    public void The_long_dot_product_has_the_sums_of_the_specification()
    {
        var (x, w) = NbSmtVectors.LongOperands();
        foreach (var row in NbSmtVectors.Rows("dot-products"))
        {
            var lowered = NbSmtVectors.Lower(w, new NbSmtOptions { Threads = row.Integer("threads"), Policy = row["policy"], Split = ThreadSplit.KHalves });
            LoweredReference.Sum(lowered, lowered.Groups[0], x, 0).ShouldBe(row.Integer("sum"), row.ToString());
        }
    }

    [Theory]
    [InlineData("S", 2, 2)]
    [InlineData("S+A", 2, 2)]
    [InlineData("S+Aw", 2, 2)]
    [InlineData("S+W", 2, 2)]
    [InlineData("S+aW", 2, 2)]
    [InlineData("A", 2, 1)]
    [InlineData("Aw", 2, 2)]
    [InlineData("W", 2, 1)]
    [InlineData("aW", 2, 2)]
    [InlineData("S+A", 4, 12)]
    [InlineData("S", 4, 12)]
    public void Products_are_as_few_as_the_specification_has(string policy, int threads, int products)
    {
        // Half of the weights are zero, so that every set of partners occurs.
        var random = new Random(1);
        var weights = Enumerable.Range(0, 576).Select(_ => (short)(random.Next(2) * random.Next(-128, 128))).ToArray();
        NbSmtVectors.Lower(weights, new NbSmtOptions { Threads = threads, Policy = policy }).Groups[0].Terms.Count.ShouldBe(products);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    public void Without_zero_weights_only_the_products_of_the_all_ones_case_are_left(int threads, int products)
    {
        short[] weights = [.. Enumerable.Range(1, 64).Select(w => (short)(w - 100))];
        NbSmtVectors.Lower(weights, new NbSmtOptions { Threads = threads }).Groups[0].Terms.Count.ShouldBe(products);
    }

    [Theory]
    [InlineData("S+A", 2, 1)]
    [InlineData("S+aW", 2, 2)]
    [InlineData("S+A", 4, 2)]
    [InlineData("S+Aw", 4, 3)]
    [InlineData("S+W", 4, 2)]
    [InlineData("S+aW", 4, 2)]
    [InlineData("S", 4, 2)]
    public void Only_the_all_ones_case_takes_dense_products(string policy, int threads, int products)
    {
        var random = new Random(1);
        var weights = Enumerable.Range(0, 576).Select(_ => (short)(random.Next(-128, 128) * Math.Min(random.Next(20), 1))).ToArray();
        var terms = NbSmtVectors.Lower(weights, new NbSmtOptions { Threads = threads, Policy = policy }).Groups[0].Terms;
        terms.TakeWhile(term => term.Activation is not CollisionDifference).Count().ShouldBe(products);
        terms.Skip(products).ShouldAllBe(term => term.Activation is CollisionDifference && term.Activation.Range.Count <= 256);
    }

    [Fact]
    public void A_layer_of_zeros_still_is_a_product()
        => NbSmtVectors.Lower(new short[8], new NbSmtOptions { Threads = 4 }).Groups[0].Terms.ShouldHaveSingleItem().Activation.Reach.ShouldBe(CodeReach.Element);

    [Fact]
    public void Reordering_changes_no_exact_sum_and_neither_does_one_thread()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var geometry = SparqLayers.RandomGeometry(random);
            var layer = NbSmtVectors.Random(random, geometry);
            var weights = NbSmtVectors.Weights(layer);

            // Narrow activations are exact under S+A, whichever of them meet.
            var row = Enumerable.Range(0, layer.Depth).Select(_ => (short)random.Next(16)).ToArray();
            var exact = row.Zip(weights).Sum(pair => (long)pair.First * pair.Second);
            foreach (var options in new[] { new NbSmtOptions { Reorder = true }, new NbSmtOptions(), new NbSmtOptions { Threads = 1 } })
            {
                var lowered = NbSmtVectors.Lower(layer, options);
                LoweredReference.Sum(lowered, lowered.Groups[0], row, 0).ShouldBe(exact);
            }
        }
    }

    [Fact]
    public void Permuting_the_columns_of_every_slice_alike_changes_nothing()
    {
        var random = new Random(3);
        var (x, w) = NbSmtVectors.LongOperands();
        foreach (var threads in new[] { 2, 4 })
        {
            var slice = x.Length / threads;
            var order = Enumerable.Range(0, slice).OrderBy(_ => random.Next()).ToArray();
            var permuted = Enumerable.Range(0, x.Length).Select(k => (k / slice * slice) + order[k % slice]).ToArray();
            var options = new NbSmtOptions { Threads = threads, Split = ThreadSplit.KHalves };
            var lowered = NbSmtVectors.Lower([.. permuted.Select(k => w[k])], options);
            var original = NbSmtVectors.Lower(w, options);
            LoweredReference.Sum(lowered, lowered.Groups[0], [.. permuted.Select(k => x[k])], 0).ShouldBe(LoweredReference.Sum(original, original.Groups[0], x, 0));
        }
    }

    [Fact]
    public void Codes_of_bytes_and_words_agree_at_every_length()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var geometry = SparqLayers.RandomGeometry(random) with { InChannels = random.Next(1, 100) };
            var options = new NbSmtOptions { Threads = random.Next(2) == 0 ? 2 : 4, Split = (ThreadSplit)random.Next(3) };
            options.Reorder = options.Split == ThreadSplit.Channel && random.Next(2) == 0;
            var layer = NbSmtVectors.Random(random, geometry);
            foreach (var term in NbSmtVectors.Lower(layer, options).Groups[0].Terms.Where(term => term.Activation.Reach != CodeReach.Element))
            {
                var patch = Enumerable.Range(0, layer.Depth).Select(_ => (short)(random.Next(2) * random.Next(256))).ToArray();
                var words = new short[patch.Length];
                term.Activation.Encode(patch, layer.ChannelsPerGroup, words);
                var bytes = new byte[patch.Length];
                term.Activation.TryEncode(Array.ConvertAll(patch, code => (byte)code), bytes).ShouldBeTrue();
                bytes.Select(code => (short)(code + Math.Min(0, term.Activation.Range.Lowest))).ShouldBe(words, $"seed {seed}, {options}");
            }
        }
    }

    private static void Compare(string policy, int threads, ThreadSplit split, bool reorder, int layers, int seed)
    {
        var options = new NbSmtOptions { Policy = policy, Threads = threads, Split = split, Reorder = reorder };
        for (var i = 0; i < layers; i++)
        {
            var random = new Random((1_000_000 * seed) + i);
            var geometry = SparqLayers.RandomGeometry(random);
            var layer = NbSmtVectors.Random(random, geometry);
            var lowered = NbSmtVectors.Lower(layer, options);
            var map = new float[geometry.InHeight * geometry.InWidth * geometry.InChannels];
            for (var j = 0; j < map.Length; j++) map[j] = random.Next(2) * random.NextSingle() * (random.Next(3) == 0 ? 0.05f : 1.1f);
            AgreesOnEveryPatch(lowered, options, SparqLayers.Patches(lowered, geometry, map), $"layer {i}, {options}");
        }
    }

    private static void AgreesOnEveryPatch(LoweredLayer lowered, NbSmtOptions options, short[] rows, string what)
    {
        var layer = lowered.Layer;
        var threads = NbSmtVectors.Threads(layer, options);
        var weights = NbSmtVectors.Weights(layer);
        var outputs = new float[layer.Outputs];
        for (var start = 0; start < rows.Length; start += layer.Depth)
        {
            var patch = rows.AsSpan(start, layer.Depth);
            LoweredReference.Evaluate(lowered, 0, patch, outputs);
            for (var m = 0; m < layer.Outputs; m++)
            {
                var sum = NbSmtProcessingElement.DotProduct(SqueezePolicy.Find(options.Policy), threads, patch, weights.AsSpan(m * layer.Depth, layer.Depth));
                var expected = ((float)sum * lowered.Groups[0].Scales[m]) + layer.Bias.Span[m];
                outputs[m].ShouldBe(expected, what);
            }
        }
    }
}
