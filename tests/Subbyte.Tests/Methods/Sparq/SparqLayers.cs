using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.Pruning;
using Subbyte.Methods.Sparq;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.Sparq;

/// <summary>Layers made for tests.</summary>
internal static class SparqLayers
{
    /// <summary>A fully connected layer of one output.</summary>
    public static DotProductLayer Of(float[] weights) => new()
    {
        Name = "fc",
        Index = 1,
        Kind = LayerKind.FullyConnected,
        Positions = 1,
        Outputs = 1,
        Depth = weights.Length,
        Weights = weights,
        Bias = new float[1],
        Input = new SampleStatistics(0, 1),
    };

    /// <summary>A small convolution: odd channels, 1×1 and larger kernels, strides, padding, odd depths.</summary>
    public static ConvolutionGeometry RandomGeometry(Random random)
    {
        var (height, width) = (random.Next(1, 4), random.Next(1, 4));
        return new ConvolutionGeometry
        {
            InHeight = random.Next(height, height + 4),
            InWidth = random.Next(width, width + 4),
            InChannels = random.Next(1, 10),
            OutChannels = random.Next(1, 5),
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

    /// <summary>A layer of random weights, one in eight of them zero, and a random bias.</summary>
    public static DotProductLayer Random(Random random, ConvolutionGeometry geometry, bool sparse)
    {
        var weights = new float[geometry.OutChannels * geometry.Depth];
        for (var i = 0; i < weights.Length; i++) weights[i] = random.Next(8) == 0 ? 0 : (random.NextSingle() * 2) - 1;
        for (var m = 0; sparse && m < geometry.OutChannels; m++) TwoOfFour.Prune(weights.AsSpan(m * geometry.Depth, geometry.Depth));
        return new DotProductLayer
        {
            Name = "conv",
            Index = 1,
            Kind = LayerKind.Convolution,
            Positions = geometry.Positions,
            Outputs = geometry.OutChannels,
            Depth = geometry.Depth,
            KernelHeight = geometry.KernelHeight,
            KernelWidth = geometry.KernelWidth,
            Weights = weights,
            Bias = Enumerable.Range(0, geometry.OutChannels).Select(_ => random.NextSingle()).ToArray(),
            Input = new SampleStatistics(0, 1),
        };
    }

    /// <summary>Lowers a layer under SPARQ, every slot its own.</summary>
    public static LoweredLayer Lower(DotProductLayer layer, SparqOptions options) => Lower(new LayerDraft(layer), options);

    /// <summary>Lowers a draft under SPARQ, which fills the slots that are empty.</summary>
    public static LoweredLayer Lower(LayerDraft draft, SparqOptions options)
    {
        new SparqMethod(options).Fill(draft);
        var datapath = draft.Datapath.ShouldNotBeNull(draft.Note);
        datapath.FillEmptySlots(draft);
        datapath.Refuses(draft).ShouldBeNull();
        return datapath.Lower(draft);
    }

    /// <summary>Base codes of the patch rows of one feature map [height][width][channels].</summary>
    public static short[] Patches(LoweredLayer lowered, ConvolutionGeometry geometry, float[] map)
    {
        var codes = new short[map.Length];
        lowered.Input!.Encode(map, codes);
        var rows = new short[geometry.Positions * geometry.Depth];
        Im2Col.Pack(codes, geometry, 0, 0, geometry.Positions, (short)lowered.Input.ZeroPoint, rows, geometry.Depth);
        return rows;
    }
}
