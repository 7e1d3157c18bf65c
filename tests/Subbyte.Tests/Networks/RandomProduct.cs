using Subbyte.Kernels;
using Subbyte.Networks;

namespace Subbyte.Tests.Networks;

/// <summary>A network of one random dot-product layer, samples to calibrate it on and others to run.</summary>
internal sealed class RandomProduct
{
    private RandomProduct(Network network, ConvolutionGeometry geometry, bool isRowMajor, ISampleSource calibration, float[][] samples)
    {
        Network = network;
        Geometry = geometry;
        IsRowMajor = isRowMajor;
        Calibration = calibration;
        Samples = samples;
    }

    public Network Network { get; }

    public ConvolutionGeometry Geometry { get; }

    public ISampleSource Calibration { get; }

    /// <summary>Samples to run, in the network's own layout; some values lie beyond what calibration has seen.</summary>
    public float[][] Samples { get; }

    /// <summary>Whether the network's own layout has channels last (a matrix product), not NCHW.</summary>
    private bool IsRowMajor { get; }

    public static RandomProduct Draw(Random random)
    {
        var isNonNegative = random.Next(2) == 0;
        return random.Next(6) switch
        {
            0 => FullyConnected(random, isNonNegative),
            1 => Convolution(random, Pointwise(random), isNonNegative),
            2 => Convolution(random, Depthwise(random), isNonNegative),
            3 => Convolution(random, Grouped(random), isNonNegative),
            _ => Convolution(random, Spatial(random, channels: random.Next(1, 20), outputs: random.Next(1, 40)), isNonNegative),
        };
    }

    /// <summary>One of the network's samples (or outputs) with its channels last, as the sum of products sees it.</summary>
    public float[] ChannelsLast(ReadOnlySpan<float> values, int channels)
    {
        if (IsRowMajor) return values.ToArray();
        var positions = values.Length / channels;
        var result = new float[values.Length];
        for (var c = 0; c < channels; c++)
        {
            for (var position = 0; position < positions; position++) result[(position * channels) + c] = values[(c * positions) + position];
        }

        return result;
    }

    private static RandomProduct FullyConnected(Random random, bool isNonNegative)
    {
        var (depth, outputs, positions) = (random.Next(1, 150), random.Next(1, 50), random.Next(1, 6));
        var isMatMul = random.Next(2) == 0;
        var shape = isMatMul ? new[] { positions, depth } : [depth];
        var graph = new GraphBuilder(shape);
        var weights = random.Gaussians(outputs * depth, 1 / Math.Sqrt(depth));
        var transB = random.Next(2);
        var output = isMatMul
            ? graph.Add("MatMul", [GraphBuilder.Input, graph.Constant(weights, depth, outputs)])
            : graph.Add("Gemm", [GraphBuilder.Input, graph.Constant(weights, transB == 0 ? [depth, outputs] : [outputs, depth]), graph.Constant(random.Gaussians(outputs), outputs)], ("transB", transB));
        var geometry = new ConvolutionGeometry { InHeight = 1, InWidth = isMatMul ? positions : 1, InChannels = depth, OutChannels = outputs };
        return Finish(random, graph.Build(output), geometry, isRowMajor: true, isNonNegative, shape);
    }

    private static RandomProduct Convolution(Random random, ConvolutionGeometry g, bool isNonNegative)
    {
        var graph = new GraphBuilder(g.InChannels, g.InHeight, g.InWidth);
        var weights = graph.Constant(random.Gaussians(g.OutChannels * g.Depth, 1 / Math.Sqrt(g.Depth)), g.OutChannels, g.ChannelsPerGroup, g.KernelHeight, g.KernelWidth);
        string[] inputs = random.Next(3) == 0 ? [GraphBuilder.Input, weights] : [GraphBuilder.Input, weights, graph.Constant(random.Gaussians(g.OutChannels), g.OutChannels)];
        var output = graph.Add(
            "Conv",
            inputs,
            ("group", g.Groups),
            ("strides", new long[] { g.StrideHeight, g.StrideWidth }),
            ("pads", new long[] { g.PadTop, g.PadLeft, g.PadBottom, g.PadRight }),
            ("dilations", new long[] { g.DilationHeight, g.DilationWidth }));
        return Finish(random, graph.Build(output), g, isRowMajor: false, isNonNegative, g.InChannels, g.InHeight, g.InWidth);
    }

    private static RandomProduct Finish(Random random, Network network, ConvolutionGeometry geometry, bool isRowMajor, bool isNonNegative, params int[] shape)
    {
        var length = geometry.InHeight * geometry.InWidth * geometry.InChannels;
        var spread = Math.Pow(10, (random.NextDouble() * 4) - 2);
        var calibration = new MemorySamples(random.Gaussians(2 * length, spread, isNonNegative), shape);
        var samples = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Gaussians(length, 1.3 * spread, isNonNegative)).ToArray();
        return new RandomProduct(network, geometry, isRowMajor, calibration, samples);
    }

    private static ConvolutionGeometry Pointwise(Random random)
    {
        // Now and then more positions than one block of patch rows, or more outputs than one panel of weights.
        var size = random.Next(4) == 0 ? random.Next(17, 25) : random.Next(1, 7);
        return new ConvolutionGeometry { InHeight = size, InWidth = random.Next(1, size + 1), InChannels = random.Next(1, 130), OutChannels = size > 7 ? random.Next(1, 4) : random.Next(1, 70) };
    }

    private static ConvolutionGeometry Depthwise(Random random)
    {
        var channels = random.Next(2, 40);
        return Spatial(random, channels, channels) with { Groups = channels };
    }

    private static ConvolutionGeometry Grouped(Random random)
    {
        var groups = random.Next(2, 4);
        return Spatial(random, groups * random.Next(1, 8), groups * random.Next(1, 8)) with { Groups = groups };
    }

    private static ConvolutionGeometry Spatial(Random random, int channels, int outputs)
    {
        var (kernelHeight, kernelWidth, dilationHeight, dilationWidth) = (random.Next(1, 4), random.Next(1, 4), random.Next(1, 3), random.Next(1, 3));
        return new ConvolutionGeometry
        {
            // The kernel fits the map without padding.
            InHeight = ((kernelHeight - 1) * dilationHeight) + random.Next(1, 7),
            InWidth = ((kernelWidth - 1) * dilationWidth) + random.Next(1, 7),
            InChannels = channels,
            OutChannels = outputs,
            KernelHeight = kernelHeight,
            KernelWidth = kernelWidth,
            StrideHeight = random.Next(1, 4),
            StrideWidth = random.Next(1, 4),
            DilationHeight = dilationHeight,
            DilationWidth = dilationWidth,
            PadTop = random.Next(0, 3),
            PadLeft = random.Next(0, 3),
            PadBottom = random.Next(0, 3),
            PadRight = random.Next(0, 3),
        };
    }
}
