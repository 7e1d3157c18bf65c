using Subbyte.Calibration;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Networks;

namespace Subbyte.Experiments;

/// <summary>Layers with drawn codes of one level, as trained binary and ternary networks have them: only their speed is looked at.</summary>
internal static class BitPlaneLayer
{
    private const float Step = 1;

    /// <summary>A network whose only layer has such codes on both sides.</summary>
    /// <param name="network">The network.</param>
    /// <param name="calibrator">Calibration samples.</param>
    /// <param name="isBinary">Whether weights are ±1 and activations 0 or 1; else both are −1, 0 or 1.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>The low-bit network.</returns>
    public static LowBitNetwork Apply(Network network, Calibrator calibrator, bool isBinary, CancellationToken cancellation)
    {
        var random = new SeededRandom(2);
        var lowBit = Recipe.Parse("int8").Apply(network, calibrator, cancellation);
        return lowBit.With(lowBit.Layers.ToDictionary(pair => pair.Key, pair => WithCodes(pair.Value, random, isBinary), StringComparer.Ordinal));
    }

    private static LoweredLayer WithCodes(LoweredLayer lowered, SeededRandom random, bool isBinary)
    {
        var layer = lowered.Layer;
        var range = new CodeRange(isBinary ? 0 : -1, 1);
        var weights = new short[layer.Outputs * layer.Depth];
        foreach (ref var weight in weights.AsSpan()) weight = (short)(isBinary ? random.NextFloat() < 0.5f ? -1 : 1 : (int)(3 * random.NextFloat()) - 1);
        var scales = new float[layer.Outputs];
        Array.Fill(scales, Step / layer.Depth);
        return lowered with
        {
            Input = new UniformActivations(isBinary ? "binary" : "ternary", range, Step, 0, isBinary ? 1 : 2, Rounding.HalfEven),
            Groups = [new ProductGroup([new ProductTerm(TableCode.Identity(range), weights)], new long[layer.Outputs], scales)],
        };
    }
}
