using Subbyte.Calibration;
using Subbyte.Experiments.Verification;
using Subbyte.Kernels;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Onnx;
using Subbyte.Packing;
using Subbyte.Tests;
using Subbyte.Tests.Kernels;
using Subbyte.Tests.Networks;

namespace Subbyte.Runtime.Tests.Packing;

/// <summary>A packed network answers as the executor does, to the bit, on every instruction set.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class PackedNetworkTests
{
    private static readonly string[] Recipes = ["fp32", "int8", "int4:layers=*", "uniform:w=2,a=8,layers=*", "uniform:w=2,a=2,layers=*", "fxp:bits=8,layers=*", "log:bits=4,layers=*", "one-hot:layers=*", "tr:group=8,budget=12,layers=*", "uniform:w=5,a=4,layers=*", "bit-split:w=4,a=4,layers=*"];

    private static readonly string[] SumRecipes = ["uniform:w=4,a=8,group=32,layers=*", "uniform:w=4,a=16,layers=*", "fxp:bits=16,layers=*", "sparq:layers=*", "uniform:w=2,a=8,group=32,layers=*", "uniform:w=8,a=4,group=64,layers=*", "tr:group=8,budget=12,layers=*", "uniform:w=16,a=16,group=32,layers=*", "prune:pattern=2:4,ends=true + sparq:stc,layers=*"];

    [SkippableFact]
    public void A_real_network_answers_as_in_the_executor()
    {
        var network = OnnxNetwork.Load(SharedData.Require(Path.Combine("models", "cifar10-resnet8-tiny.onnx")));
        foreach (var recipe in new[] { "fp32", "int4", "uniform:w=2,a=8" }) Check(network, recipe);
    }

    [SkippableTheory]
    [InlineData("cifar10-resnet8-tiny.onnx")]
    [InlineData("mnist-mlp-784-512-512-10.onnx")]
    [InlineData("kws-dscnn-dq8.onnx")]
    [InlineData("cifar10-resnet20.onnx")]
    [InlineData("imagenet-mobilenetv1-0.25-128-dq8.onnx")]
    [InlineData("imagenet-mobilenetv2-1.0-224-dq8.onnx")]
    [InlineData("imagenet-squeezenet1.0-deepcompressed.onnx")]
    [Trait("Speed", "Slow")]
    public void Real_networks_answer_as_in_the_executor(string file)
    {
        var network = OnnxNetwork.Load(SharedData.Require(Path.Combine("models", file)));
        // Large networks take the scalar forms a second a run.
        string[] recipes = file.StartsWith("imagenet", StringComparison.Ordinal) ? ["int4"] : ["int8", "int4", "uniform:w=2,a=8", "log:bits=4"];
        foreach (var recipe in recipes) Check(network, recipe);
    }

    [Fact]
    public void Random_layers_answer_as_in_the_executor() => CheckRandomLayers(40);

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_thousand_random_layers_answer_as_in_the_executor() => CheckRandomLayers(1200);

    [Fact]
    public void Sums_of_scaled_digits_answer_as_in_the_executor() => CheckLevels(60);

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_thousand_sums_of_scaled_digits_answer_as_in_the_executor() => CheckLevels(1000);

    [Fact]
    public void Sums_that_share_a_scale_answer_as_in_the_executor() => CheckJoined(60);

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_thousand_sums_that_share_a_scale_answer_as_in_the_executor() => CheckJoined(1000);

    [Fact]
    public void Runs_wide_codes_and_pairs_answer_as_in_the_executor() => CheckSums(45);

    [Fact]
    [Trait("Speed", "Slow")]
    public void Six_hundred_layers_of_runs_wide_codes_and_pairs_answer_as_in_the_executor() => CheckSums(600);

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 2, 2)]
    public void Zeros_of_pruned_layers_are_skipped_and_answers_stay(int planes, int digits, int stride)
    {
        var random = new Random(planes);
        var graph = new GraphBuilder(96, 13, 12);
        var network = graph.Build(graph.Add("Conv", [GraphBuilder.Input, graph.Constant(random.Gaussians(9 * 96 * 20), 20, 96, 3, 3)], ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 1, stride })));
        var samples = new NormalSamples([96, 13, 12], 3, seed: 1);
        var pruned = Levels.In(Recipe.Parse("uniform:w=2,a=8,layers=*").Apply(network, new Calibrator(samples, 2)), random, planes, digits, isBinary: false, zeros: 0.98);
        var file = NetworkPacker.Pack(pruned).ToFile();
        var step = PackedNetwork.Read(file).Steps.OfType<LevelProductStep>().Single();
        step.Description.ShouldEndWith("zeros skipped");
        step.ZeroWords.ShouldBeLessThan(step.ZeroWeights / (double)step.Weights);
        var sample = new float[96 * 13 * 12];
        samples.Read(2, sample);
        InstructionSets.ForEach(set =>
        {
            using var session = new SubbyteSession(PackedNetwork.Read(file), new SessionOptions { Threads = 2 });
            Compare(new ExecutionFrame(ExecutionPlan.Compile(pruned)), session, sample, $"{set}");
        });
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 0, 1, 1)]
    [InlineData(2, 2, 2, 2)]
    [InlineData(1, 3, 0, 1)]
    [InlineData(1, 0, 4, 1)]
    [InlineData(3, 4, 4, 2)]
    public void Lines_of_depthwise_layers_are_shared_by_threads(int stride, int top, int bottom, int dilation)
    {
        var random = new Random(stride);
        var graph = new GraphBuilder(24, 29, 17);
        var network = graph.Build(graph.Add("Conv", [GraphBuilder.Input, graph.Constant(random.Gaussians(9 * 24), 24, 1, 3, 3)], ("group", 24), ("pads", new long[] { top, 1, bottom, 1 }), ("strides", new long[] { stride, 1 }), ("dilations", new long[] { dilation, 1 })));
        Check(network, "int8:layers=*").ShouldContain("int8 product");
    }

    private static void CheckRandomLayers(int count)
    {
        var formats = CheckRandomLayers(count, (seed, product, random) =>
        {
            var recipe = Recipe.Parse(Recipes[seed % Recipes.Length]).Apply(product.Network, new Calibrator(product.Calibration, product.Calibration.Count));
            return seed % 3 == 0 ? BitPlanes.In(recipe, random) : recipe;
        });
        foreach (var format in new[] { "fp32", "int8", "bits4", "bits2", "ternary", "binary" }) formats.ShouldContain($"{format} product");
    }

    private static void CheckSums(int count)
    {
        var formats = CheckRandomLayers(count, (seed, product, _) => Recipe.Parse(SumRecipes[seed % SumRecipes.Length]).Apply(product.Network, new Calibrator(product.Calibration, product.Calibration.Count)));
        foreach (var format in new[] { "int16 product", "int8 product of pairs" }) formats.ShouldContain(format);
        foreach (var format in new[] { "bits2 product in ", "bits4 product in ", "int8 product in ", "int16 product in " }) formats.ShouldContain(text => text.StartsWith(format, StringComparison.Ordinal), format);
    }

    private static void CheckLevels(int count)
    {
        var formats = CheckRandomLayers(count, (_, product, random) => Levels.In(Recipe.Parse("uniform:w=2,a=8,layers=*").Apply(product.Network, new Calibrator(product.Calibration, product.Calibration.Count)), random));
        foreach (var format in new[] { "2×1", "3×2", "1×2" }) formats.ShouldContain($"{format} level product");
    }

    /// <summary>Products with coefficients before one scale, weights wider than a byte, and offsets wider than 32 bits.</summary>
    private static void CheckJoined(int count)
    {
        var formats = CheckRandomLayers(count, (_, product, random) => JoinedProducts.In(Recipe.Parse("int8:layers=*").Apply(product.Network, new Calibrator(product.Calibration, product.Calibration.Count)), random));
        foreach (var format in new[] { "int8", "2×1 level", "3×2 level" }) formats.ShouldContain($"{format} product");
    }

    private static HashSet<string> CheckRandomLayers(int count, Func<int, RandomProduct, Random, LowBitNetwork> apply)
    {
        var packed = 0;
        var formats = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 0; packed < count; seed++)
        {
            var random = new Random(seed);
            var product = RandomProduct.Draw(random);
            var network = apply(seed, product, random);
            if (TryPack(network) is not { } file) continue;
            formats.UnionWith(PackedNetwork.Read(file).Steps.Select(step => step.Description));
            packed++;
            InstructionSets.ForEach(set =>
            {
                using var session = new SubbyteSession(PackedNetwork.Read(file));
                var frame = new ExecutionFrame(ExecutionPlan.Compile(network));
                foreach (var sample in product.Samples) Compare(frame, session, sample, $"{set}, seed {seed}, {string.Join("; ", session.Network.Steps.Select(step => step.Description))}");
            });
        }

        return formats;
    }

    /// <summary>Null where the layer needs what a packed layer has not.</summary>
    private static byte[]? TryPack(LowBitNetwork network)
    {
        try
        {
            return NetworkPacker.Pack(network).ToFile();
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    /// <summary>Packs a network and compares its answers on every instruction set.</summary>
    /// <returns>What its steps do.</returns>
    internal static IEnumerable<string> Check(Network network, string text)
    {
        var shape = ExecutionPlan.Compile(network).InputType.Dimensions[1..].ToArray();
        var samples = new NormalSamples(shape, 6, seed: 3);
        var lowBit = Recipe.Parse(text).Apply(network, new Calibrator(samples, 4));
        var file = NetworkPacker.Pack(lowBit, new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" }).ToFile();
        var sample = new float[shape.Aggregate(1, (product, size) => product * size)];
        InstructionSets.ForEach(set =>
        {
            foreach (var threads in set == Cpu.Best ? new[] { 1, 3 } : [1])
            {
                using var session = new SubbyteSession(PackedNetwork.Read(file), new SessionOptions { Threads = threads });
                var frame = new ExecutionFrame(ExecutionPlan.Compile(lowBit));
                for (var i = 0; i < 2; i++)
                {
                    samples.Read(4 + i, sample);
                    Compare(frame, session, sample, $"{network.Name}, {text}, {set}, {threads} threads");
                }
            }
        });

        return PackedNetwork.Read(file).Steps.Select(step => step.Description);
    }

    private static void Compare(ExecutionFrame frame, SubbyteSession session, float[] sample, string what)
    {
        sample.CopyTo(frame.Input.AsSpan<float>());
        frame.Run();
        var output = new float[session.OutputLength];
        session.Run(sample, output);
        var expected = frame.Results[0].AsSpan<float>();
        output.Length.ShouldBe(expected.Length);
        for (var i = 0; i < output.Length; i++) BitConverter.SingleToInt32Bits(output[i]).ShouldBe(BitConverter.SingleToInt32Bits(expected[i]), $"{what}: output {i} is {output[i]}, not {expected[i]}");
    }
}
