using Subbyte.Costs;
using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Tests.Networks;

/// <summary>Random sums of products: what methods that are still to come may lower a layer to.</summary>
internal static class RandomSum
{
    /// <summary>One to three groups of one to three products, with codes of few or many bits, coefficients, offsets, slices of k and a zero point.</summary>
    public static LoweredLayer Of(DotProductLayer layer, Random random)
    {
        var range = random.Next(4) switch
        {
            0 => CodeRange.Signed(random.Next(2, 9)),
            1 => CodeRange.Signed(random.Next(9, 13)),
            _ => CodeRange.Unsigned(random.Next(1, 9)),
        };
        var zeroPoint = random.Next(2) == 0 ? 0 : random.Next(range.Lowest, range.Highest + 1);
        var scale = Math.Max(layer.Input.AbsoluteMaximum, 1e-3f) / range.Magnitude;
        return new LoweredLayer
        {
            Layer = layer,
            Input = new UniformActivations("random", range, scale, zeroPoint, 8, Rounding.HalfEven),
            Groups = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Group(layer, range, random))],
            Bias = random.Gaussians(layer.Outputs),
            FloatWeights = layer.Weights.ToArray(),
            Cost = ProductCost.Float(layer),
            Method = "random",
        };
    }

    private static ProductGroup Group(DotProductLayer layer, CodeRange range, Random random)
    {
        ProductTerm[] terms = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Term(layer, range, random))];
        long[] offsets = [.. Enumerable.Range(0, layer.Outputs).Select(_ => (long)random.Next(-5000, 5000))];
        var first = random.Next(layer.Depth);
        DepthSlice? slice = random.Next(3) == 0 ? new DepthSlice(first, random.Next(1, layer.Depth - first + 1)) : null;
        return new ProductGroup(terms, offsets, random.Gaussians(layer.Outputs)) { Slice = slice };
    }

    private static ProductTerm Term(DotProductLayer layer, CodeRange range, Random random)
    {
        var (lowest, highest) = random.Next(4) switch { 0 => (0, 255), 1 => (-128, 127), 2 => (0, 3), _ => (-3000, 3000) };
        var codes = Enumerable.Range(0, range.Count).Select(_ => random.Next(lowest, highest + 1)).ToArray();
        IActivationCode code = random.Next(4) == 0 ? new NeighbourCode(range) : new TableCode(range, value => codes[value - range.Lowest]);
        // +128 fits a byte only negated; beyond that 16 bits are needed.
        var largest = random.Next(4) switch { 0 => 1, 1 => 127, 2 => 128, _ => 2000 };
        short[] weights = [.. Enumerable.Range(0, layer.Outputs * layer.Depth).Select(_ => (short)random.Next(random.Next(3) == 0 ? 0 : 1 - largest, largest + 1))];
        return new ProductTerm(code, weights, random.Next(2) == 0 ? 1 : random.Next(-64, 65));
    }

    /// <summary>A code that looks at the next value of the whole row: the difference to it, and the last one as it is.</summary>
    private sealed class NeighbourCode(CodeRange range) : IActivationCode
    {
        public CodeRange Range { get; } = new(Math.Min(range.Lowest, range.Lowest - range.Highest), Math.Max(range.Highest, range.Highest - range.Lowest));

        public CodeReach Reach => CodeReach.Row;

        public void Encode(ReadOnlySpan<short> patch, int channels, Span<short> codes)
        {
            for (var k = 0; k < patch.Length; k++) codes[k] = (short)(patch[k] - (k + 1 < patch.Length ? patch[k + 1] : 0));
        }
    }
}
