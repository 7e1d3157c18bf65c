using Subbyte.Calibration;
using Subbyte.Costs;
using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Formats;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.TermSerial;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.TermSerial;

/// <summary>Section 6 of one-hot networks: term counts, cycles of a lane group, and of ResNet-20.</summary>
public sealed class TermSerialTests
{
    // Section 4.4.
    private static readonly short[] Weights = [91, -3, 64, 0, 127, 5, -43, 1];
    private static readonly short[] Activations = [17, 85, 0, 33, 7, 2, 127, 64];

    [Fact]
    public void Terms_are_those_of_the_vectors()
    {
        foreach (var row in VectorTable.Read("Methods/TermSerial/terms.vectors.txt"))
        {
            // The machines take magnitudes; the Booth digits of −128 in two's complement are no magnitude's.
            foreach (var (column, encoding) in new[] { ("binary", SignedDigitEncoding.Binary), ("csd", SignedDigitEncoding.Naf), ("booth", SignedDigitEncoding.Booth4) }.Where(kind => kind.Item1 != "booth" || row.Integer("value") >= 0))
                Terms(encoding, row.Integer("value")).ShouldBe(row.Integer(column), $"{column} of {row["value"]}");
        }
    }

    [Theory]
    [InlineData(SignedDigitEncoding.Binary, 3.51373, 7)]
    [InlineData(SignedDigitEncoding.Naf, 2.78431, 4)]
    public void Their_mean_and_largest_number_over_all_codes(SignedDigitEncoding encoding, double mean, int largest)
    {
        var terms = Enumerable.Range(-127, 255).Select(value => Terms(encoding, value)).ToArray();
        terms.Average().ShouldBe(mean, 1e-5);
        terms.Max().ShouldBe(largest);
    }

    [Fact]
    public void One_lane_group_on_each_machine()
    {
        Cycles(new LaconicOptions { Tiles = 1, Rows = 1, Lanes = 8, Windows = 1 }).ShouldBe(8);
        foreach (var (firstStage, binary, csd) in new[] { (0, 7, 8), (1, 7, 4), (2, 7, 4), (3, 7, 4), (4, 7, 4) })
        {
            Cycles(new BitPragmaticOptions { Tiles = 1, Rows = 1, Lanes = 8, Windows = 1, FirstStage = firstStage, Terms = TermKind.Binary }).ShouldBe(binary, $"binary, L = {firstStage}");
            Cycles(new BitPragmaticOptions { Tiles = 1, Rows = 1, Lanes = 8, Windows = 1, FirstStage = firstStage }).ShouldBe(csd, $"CSD, L = {firstStage}");
        }
    }

    // Groups of work on DaDianNao with 16 tiles of 16 rows and 16 lanes: AlexNet conv2 and conv3, VGG conv1_2.
    [Theory]
    [InlineData(27, 5, 48, 256, 2, 109_350)]
    [InlineData(13, 3, 256, 384, 1, 48_672)]
    [InlineData(224, 3, 64, 64, 1, 1_806_336)]
    public void DaDianNao_takes_a_cycle_for_each_group_of_work(int size, int kernel, int channels, int outputs, int groups, double cycles)
        => new DaDianNaoCost(Layer(size * size, kernel, channels, outputs, groups), Codes(new short[outputs * kernel * kernel * channels], outputs), 8, new DaDianNaoOptions()).Count(0).Cycles.ShouldBe(cycles);

    [Fact]
    public void Block_maxima_are_the_lock_step_of_every_filter_and_window()
    {
        var random = new Random(5);
        for (var trial = 0; trial < 200; trial++)
        {
            var (positions, kernel, channels, outputs) = (random.Next(1, 12), random.Next(1, 3), random.Next(1, 20), random.Next(1, 12));
            var layer = Layer(positions, kernel, channels, outputs, 1);
            var options = new LaconicOptions { Tiles = random.Next(1, 3), Rows = random.Next(1, 4), Lanes = random.Next(1, 9), Windows = random.Next(1, 5) };
            var weights = Draw(random, outputs * layer.Depth, -127);
            var rows = Draw(random, positions * layer.Depth, 0);
            var counter = new LaconicCost(layer, Codes(weights, outputs), Input(), options).Start();
            counter.Observe(rows, 0);
            counter.Count(1).Cycles.ShouldBe(LockStep(layer, options, weights, rows));
        }
    }

    // Section 8 (c), the first 8 images of the JPEG set: mean cycles of a group, ±5 %.
    [SkippableTheory]
    [Trait("Speed", "Slow")]
    [InlineData(1, 1, 1, TermKind.Csd, 2.73)]
    [InlineData(4, 1, 1, TermKind.Csd, 5.17)]
    [InlineData(16, 1, 1, TermKind.Csd, 7.74)]
    [InlineData(16, 1, 1, TermKind.Binary, 11.87)]
    [InlineData(16, 16, 16, TermKind.Csd, 13.92)]
    [InlineData(16, 16, 16, TermKind.Binary, 27.09)]
    public void On_ResNet_20_the_mean_cycles_of_a_group_are_those_of_the_specification(int lanes, int windows, int rows, TermKind terms, double expected)
    {
        var data = DataSpec.Open("cifar10:" + SharedData.Require("cifar10/jpeg75_test_batch.bin.gz") + "#test:0-7");
        var task = EvaluationTask.Load(SharedData.Require("models/cifar10-resnet20.onnx"), null, data, data, 8);
        var layers = new Calibrator(task.CalibrationSamples!, 8).For(task.Network).Layers.Where(layer => !layer.IsEnd).ToArray();
        var options = new LaconicOptions { Tiles = 1, Rows = rows, Lanes = lanes, Windows = windows, Terms = terms };
        var network = new LowBitNetwork(task.Network, layers.ToDictionary(layer => layer.Name, layer => Lower(layer, options), StringComparer.Ordinal));
        var plan = ExecutionPlan.Compile(network, new ExecutionOptions { FuseActivations = false });
        var costs = new LayerCosts(plan, new Calibrator(task.CalibrationSamples!, 8).For(task.Network).Layers);
        var frame = new ExecutionFrame(plan);
        for (var image = 0; image < 8; image++)
        {
            task.Samples.Read(image, frame.Input.AsSpan<float>());
            frame.Run(costs);
        }

        var counted = costs.Count(8).Where(cost => network.Layers.ContainsKey(cost.Name)).Select(cost => cost.Cost).ToArray();
        (counted.Sum(cost => cost.Cycles) / counted.Sum(cost => cost.Operations["groupsOfWork"])).ShouldBe(expected, expected * 0.05);
    }

    // 8-bit codes, weights per channel max/127, activations per layer max/127.
    private static LoweredLayer Lower(DotProductLayer layer, LaconicOptions options)
    {
        var codes = new short[layer.Outputs * layer.Depth];
        var scales = new float[layer.Outputs];
        for (var m = 0; m < layer.Outputs; m++)
        {
            var row = layer.Row(m);
            scales[m] = (float)(MinMaxClip.Of(row) / 127);
            Quantizer.ToInt16(row, scales[m], 0, -127, 127, codes.AsSpan(m * layer.Depth, layer.Depth));
        }

        var weights = new WeightCodes("test", [new WeightPlane(codes, scales, 8)], 8L * codes.Length);
        var draft = new LayerDraft(layer);
        draft.Fill(weights);
        draft.Fill(new UniformActivations("test", new CodeRange(0, 127), layer.Input.Maximum / 127, 0, 8, Rounding.HalfEven));
        draft.Fill((IDatapath)new TermSerialDatapath("laconic", (of, w, input) => new LaconicCost(of, w, input, options)));
        return Subbyte.Methods.RecipeApplication.Complete(draft);
    }

    private static double Cycles(TermSerialOptions options)
    {
        var layer = Layer(1, 1, 8, 1, 1);
        ICostModel cost = options is LaconicOptions laconic
            ? new LaconicCost(layer, Codes(Weights, 1), Input(), laconic)
            : new BitPragmaticCost(layer, Codes(Weights, 1), Input(), (BitPragmaticOptions)options);
        var counter = cost.Start();
        counter.Observe(Activations, 0);
        return counter.Count(1).Cycles;
    }

    private static long LockStep(DotProductLayer layer, LaconicOptions options, short[] weights, short[] rows)
    {
        long cycles = 0;
        var filters = options.Tiles * options.Rows;
        for (var window = 0; window < layer.Positions; window += options.Windows)
            for (var filter = 0; filter < layer.Outputs; filter += filters)
                for (var position = 0; position < layer.Depth; position += layer.ChannelsPerGroup)
                    for (var channel = 0; channel < layer.ChannelsPerGroup; channel += options.Lanes)
                    {
                        var longest = 1;
                        for (var w = window; w < Math.Min(layer.Positions, window + options.Windows); w++)
                            for (var m = filter; m < Math.Min(layer.Outputs, filter + filters); m++)
                                for (var c = channel; c < Math.Min(layer.ChannelsPerGroup, channel + options.Lanes); c++)
                                {
                                    var k = position + c;
                                    longest = Math.Max(longest, Terms(SignedDigitEncoding.Naf, rows[(w * layer.Depth) + k]) * Terms(SignedDigitEncoding.Naf, weights[(m * layer.Depth) + k]));
                                }

                        cycles += longest;
                    }

        return cycles;
    }

    private static int Terms(SignedDigitEncoding encoding, int value) => SignedDigits.Encode(encoding, Math.Abs(value), stackalloc SignedTerm[SignedDigits.MaximumTerms]);

    private static short[] Draw(Random random, int count, int lowest) => [.. Enumerable.Range(0, count).Select(_ => (short)random.Next(lowest, 128))];

    private static WeightCodes Codes(short[] codes, int outputs) => new("test", [new WeightPlane(codes, [.. Enumerable.Repeat(1f, outputs)], 8)], 8L * codes.Length);

    private static UniformActivations Input() => new("test", new CodeRange(0, 127), 1, 0, 8, Rounding.HalfEven);

    private static DotProductLayer Layer(int positions, int kernel, int channels, int outputs, int groups) => new()
    {
        Name = "layer",
        Index = 1,
        Kind = LayerKind.Convolution,
        Positions = positions,
        Outputs = outputs,
        Depth = kernel * kernel * channels,
        Groups = groups,
        KernelHeight = kernel,
        KernelWidth = kernel,
        Weights = new float[outputs * kernel * kernel * channels],
        Bias = new float[outputs],
        Input = new SampleStatistics(0f, 1f),
    };
}
