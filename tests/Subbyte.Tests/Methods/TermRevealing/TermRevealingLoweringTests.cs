using FsCheck;
using FsCheck.Fluent;
using Subbyte.Formats;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.TermRevealing;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.TermRevealing;

/// <summary>The lowered layer against the tMAC, term by term, on random layers.</summary>
public class TermRevealingLoweringTests
{
    [Fact]
    public void TheLoweredLayerIsTheTermMacOnAnyLayer()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => Agrees(new Random(seed))));

    private static bool Agrees(Random random)
    {
        var geometry = RandomGeometry(random);
        var options = RandomOptions(random);
        float[] map = [.. Enumerable.Range(0, geometry.InHeight * geometry.InWidth * geometry.InChannels).Select(_ => Value(random))];
        if (random.Next(3) > 0) map = [.. map.Select(value => Math.Max(0, value))];
        var draft = RandomDraft(random, RandomLayer(random, geometry, map), options);
        var datapath = new TermRevealingDatapath(options);
        draft.Fill(datapath);
        datapath.FillEmptySlots(draft);
        datapath.Refuses(draft).ShouldBeNull();
        var lowered = datapath.Lower(draft);

        var codes = new short[map.Length];
        draft.Activations!.Encode(map, codes);
        var mac = new TermMac(options);
        var counter = lowered.Cost.Start();
        long pairs = 0;
        for (var group = 0; group < geometry.Groups; group++)
        {
            var rows = new short[geometry.Positions * geometry.Depth];
            Im2Col.Pack(codes, geometry, group, 0, geometry.Positions, (short)draft.Activations.ZeroPoint, rows, geometry.Depth);
            counter.Observe(rows, group);
            for (var n = 0; n < geometry.Positions; n++)
            {
                var patch = rows.AsSpan(n * geometry.Depth, geometry.Depth);
                pairs += Pairs(mac, draft, lowered, group, patch);
            }
        }

        var cost = counter.Count(samples: 1);
        cost.Operations["termPairs.actual"].ShouldBe(pairs);
        if (geometry.Groups == 1) cost.Operations["termPairs.actual"].ShouldBeLessThanOrEqualTo(cost.Operations["termPairs.bound"]);
        return true;
    }

    // Holds every output of one patch row to the tMAC; returns the term pairs that it took.
    private static long Pairs(TermMac mac, LayerDraft draft, LoweredLayer lowered, int group, ReadOnlySpan<short> patch)
    {
        var (layer, input) = (draft.Layer, draft.Activations!);
        short[] data = [.. patch.ToArray().Select(code => (short)(code - input.ZeroPoint))];
        var outputs = layer.Outputs / layer.Groups;
        var real = new float[outputs];
        LoweredReference.Evaluate(lowered, group, patch, real);
        long pairs = 0;
        for (var i = 0; i < outputs; i++)
        {
            var m = (group * outputs) + i;
            for (var p = 0; p < lowered.Groups.Count; p++)
            {
                var weights = draft.Weights!.Planes[p].Codes.AsSpan(m * layer.Depth, layer.Depth);
                mac.Clear();
                if (layer.Groups == 1) mac.AddRow(weights, data, layer.ChannelsPerGroup);
                else mac.AddGroup(weights, data, int.MaxValue);
                pairs += mac.Pairs;
                LoweredReference.Sum(lowered, lowered.Groups[p], patch, m).ShouldBe(mac.Sum + (lowered.IntegerBias?[m] ?? 0));
            }

            if (lowered.Groups.Count > 1) continue;
            var scale = draft.Weights!.Single.Scales[m] * input.Scale;
            var bias = (long)Math.Clamp(Math.Round((double)(layer.Bias.Span[m] / scale), MidpointRounding.AwayFromZero), int.MinValue, int.MaxValue);
            real[i].ShouldBe((mac.Sum + bias) * scale);
        }

        return pairs;
    }

    private static LayerDraft RandomDraft(Random random, DotProductLayer layer, TermRevealingOptions options)
    {
        var draft = new LayerDraft(layer);
        var planes = random.Next(4);
        if (planes is 1 or 2)
        {
            draft.Fill(new WeightCodes("test", [.. Enumerable.Range(0, planes).Select(_ => new WeightPlane(
                [.. Enumerable.Range(0, layer.Outputs * layer.Depth).Select(_ => (short)random.Next(-127, 128))],
                [.. Enumerable.Range(0, layer.Outputs).Select(_ => random.NextSingle() + 0.1f)],
                bits: 8))], storageBits: 0));
        }

        if (random.Next(4) == 0)
        {
            var zeroPoint = random.Next(0, 256);
            draft.Fill(new UniformActivations("test", CodeRange.Unsigned(8), Math.Max(0.01f, layer.Input.AbsoluteMaximum) / 200, zeroPoint, 8, Rounding.HalfEven));
        }

        return draft;
    }

    private static TermRevealingOptions RandomOptions(Random random) => new()
    {
        Group = random.Next(1, 20),
        Budget = random.Next(1, 40),
        Terms = random.Next(1, 11),
        Encoding = (SignedDigitEncoding)random.Next(6),
        DataEncoding = (DataEncoding)random.Next(7),
        WeightBits = random.Next(2, 10),
        DataBits = random.Next(2, 10),
        Tail = (TailBudget)random.Next(2),
    };

    private static ConvolutionGeometry RandomGeometry(Random random)
    {
        var (height, width) = (random.Next(1, 4), random.Next(1, 4));
        var channels = random.Next(1, 14);
        var (inputs, outputs, groups) = random.Next(5) switch
        {
            0 => (Math.Min(4, channels), Math.Min(4, channels), Math.Min(4, channels)),
            1 => (2 * channels, 2 * random.Next(1, 4), 2),
            _ => (channels, random.Next(1, 5), 1),
        };
        return new ConvolutionGeometry
        {
            InHeight = random.Next(height, height + 2),
            InWidth = random.Next(width, width + 2),
            InChannels = inputs,
            OutChannels = outputs,
            Groups = groups,
            KernelHeight = height,
            KernelWidth = width,
            StrideHeight = random.Next(1, 3),
            StrideWidth = random.Next(1, 3),
            PadTop = random.Next(0, height),
            PadBottom = random.Next(0, height),
            PadLeft = random.Next(0, width),
            PadRight = random.Next(0, width),
        };
    }

    private static DotProductLayer RandomLayer(Random random, ConvolutionGeometry geometry, float[] map) => new()
    {
        Name = "layer",
        Index = 1,
        Kind = geometry.Groups == 1 ? LayerKind.Convolution : geometry.ChannelsPerGroup == 1 ? LayerKind.DepthwiseConvolution : LayerKind.GroupedConvolution,
        Positions = geometry.Positions,
        Outputs = geometry.OutChannels,
        Depth = geometry.Depth,
        Groups = geometry.Groups,
        KernelHeight = geometry.KernelHeight,
        KernelWidth = geometry.KernelWidth,
        Weights = Enumerable.Range(0, geometry.OutChannels * geometry.Depth).Select(_ => Value(random)).ToArray(),
        Bias = Enumerable.Range(0, geometry.OutChannels).Select(_ => 3 * Value(random)).ToArray(),
        Input = new SampleStatistics(map),
    };

    // Normal-like, one in eight of them zero.
    private static float Value(Random random)
        => random.Next(8) == 0 ? 0 : random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f;
}
