using Subbyte.Lowering;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.TermRevealing;

/// <summary>Layers made for tests.</summary>
internal static class Layers
{
    public static DotProductLayer FullyConnected(int outputs, int depth, float[]? weights = null, ILayerStatistics? input = null)
        => Convolution(outputs, depth, kernel: 1, positions: 1, weights: weights, input: input, kind: LayerKind.FullyConnected);

    public static DotProductLayer Convolution(
        int outputs, int channels, int kernel, int positions, int groups = 1, float[]? weights = null, ILayerStatistics? input = null, LayerKind? kind = null)
    {
        var depth = kernel * kernel * (channels / groups);
        return new DotProductLayer
        {
            Name = "layer",
            Index = 1,
            Kind = kind ?? (groups == 1 ? LayerKind.Convolution : groups == channels ? LayerKind.DepthwiseConvolution : LayerKind.GroupedConvolution),
            Positions = positions,
            Outputs = outputs,
            Depth = depth,
            Groups = groups,
            KernelHeight = kernel,
            KernelWidth = kernel,
            Weights = weights ?? new float[outputs * depth],
            Bias = new float[outputs],
            Input = input ?? new SampleStatistics(0, 1),
        };
    }
}
