using Subbyte.Hardware.Elements;
using Subbyte.Hardware.Rtl;
using Subbyte.Lowering;
using Subbyte.Methods;

namespace Subbyte.Hardware.Tests.Rtl;

/// <summary>Random layers under a recipe, with rows of random base codes of which some are zero.</summary>
internal static class RtlLayers
{
    public static RtlLayer Random(string recipe, int positions, int filters, int channels, int seed, int kernel = 1, double zeros = 0.3)
    {
        var random = new Random(seed);
        var depth = channels * kernel;
        var layer = new DotProductLayer
        {
            Name = "random",
            Index = 1,
            Kind = LayerKind.Convolution,
            Positions = positions,
            Outputs = filters,
            Depth = depth,
            KernelWidth = kernel,
            Weights = Enumerable.Range(0, filters * depth).Select(_ => random.NextDouble() < 0.1 ? 0 : (float)((random.NextDouble() * 2) - 1)).ToArray(),
            Bias = new float[filters],
            Input = new DrawnStatistics(channels),
        };
        var draft = Recipe.Parse(recipe).Draft(layer)!;
        var input = draft.Activations!;
        var values = new float[positions * depth];
        for (var i = 0; i < values.Length; i++) values[i] = random.NextDouble() < zeros ? 0 : (float)(random.NextDouble() * DrawnStatistics.Largest);
        var rows = new short[values.Length];
        input.Encode(values, rows);
        return new RtlLayer(draft, rows);
    }
}
