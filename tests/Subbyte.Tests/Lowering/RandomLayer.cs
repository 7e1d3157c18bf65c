using Subbyte.Lowering;

namespace Subbyte.Tests.Lowering;

/// <summary>A small random layer with the patch rows that calibration saw.</summary>
internal sealed class RandomLayer
{
    private RandomLayer(DotProductLayer layer, float[][][] patches)
    {
        Layer = layer;
        Patches = patches;
    }

    public DotProductLayer Layer { get; }

    /// <summary>Patch rows of each group [groups][rows][depth].</summary>
    public float[][][] Patches { get; }

    /// <summary>Draws a layer: any number of groups, kernel positions and channels, signed or post-ReLU input, with or without bias.</summary>
    public static RandomLayer Draw(Random random, int rows = 12)
    {
        var (groups, outputsPerGroup) = (random.Next(3) == 0 ? random.Next(2, 4) : 1, random.Next(1, 5));
        var (kernelHeight, kernelWidth, channels) = (random.Next(1, 4), random.Next(1, 4), random.Next(1, 9));
        var depth = kernelHeight * kernelWidth * channels;
        var isNonNegative = random.Next(2) == 0;
        var spread = Math.Pow(10, (random.NextDouble() * 4) - 2);
        var patches = Enumerable.Range(0, groups).Select(_ => Enumerable.Range(0, rows).Select(_ => Row(depth, () =>
        {
            var value = Gaussian(random) * spread;
            return isNonNegative ? Math.Max(0, value) : value;
        })).ToArray()).ToArray();
        var outputs = groups * outputsPerGroup;
        var layer = new DotProductLayer
        {
            Name = "layer",
            Index = 1,
            Kind = groups == 1 ? LayerKind.Convolution : channels == 1 ? LayerKind.DepthwiseConvolution : LayerKind.GroupedConvolution,
            Positions = rows,
            Outputs = outputs,
            Depth = depth,
            Groups = groups,
            KernelHeight = kernelHeight,
            KernelWidth = kernelWidth,
            Weights = Row(outputs * depth, () => Gaussian(random) / Math.Sqrt(depth)),
            Bias = Row(outputs, () => random.Next(3) == 0 ? 0 : Gaussian(random) * spread),
            Input = new SampleStatistics(patches),
        };
        return new RandomLayer(layer, patches);
    }

    private static float[] Row(int count, Func<double> value) => [.. Enumerable.Range(0, count).Select(_ => (float)value())];

    private static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
