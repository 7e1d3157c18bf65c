using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Methods.Training;

/// <summary>Finds the codes of weights and inputs that a training has left on a uniform grid.</summary>
internal static class GridRecovery
{
    /// <summary>Patch rows whose values show the grid of a layer's input.</summary>
    private const int MostRows = 2000;

    private const float Tolerance = 1e-3f;

    /// <summary>The codes of weights, one step a layer: that of the file's own integers, or the smallest magnitude.</summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="bits">Bits of a weight.</param>
    /// <returns>The codes.</returns>
    /// <exception cref="UserErrorException">The weights lie elsewhere.</exception>
    public static WeightCodes Weights(string method, DotProductLayer layer, int bits)
    {
        var range = CodeRange.Signed(bits);
        var weights = layer.Weights.Span;
        var step = Step(weights, range) ?? throw new UserErrorException(
            $"layer '{layer.Name}': its weights are not {1 << bits} equally spaced levels, so {method} cannot take them as they are; train the network with '{method}' first ('subbyte train'), or take 'uniform:w={bits}', which needs no training");
        var codes = new short[weights.Length];
        for (var i = 0; i < codes.Length; i++) codes[i] = (short)MathF.Round(weights[i] / step);
        return new WeightCodes(method, [new WeightPlane(codes, [.. Enumerable.Repeat(step, layer.Outputs)], bits)], ((long)bits * codes.Length) + 32);
    }

    /// <summary>The quantizer of a trained layer's input, whose values lie on a grid.</summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="range">Range of the codes.</param>
    /// <param name="bits">Nominal bits.</param>
    /// <returns>The quantizer.</returns>
    /// <exception cref="UserErrorException">The values lie elsewhere.</exception>
    public static UniformActivations Activations(string method, DotProductLayer layer, CodeRange range, int bits)
    {
        var step = Step(layer.Input.Patches(0, MostRows).Values, range) ?? throw new UserErrorException(
            $"layer '{layer.Name}': its input is not on {range.Count} equally spaced levels, so {method} cannot take it as it is; train the network with '{method}' first ('subbyte train'), or take 'uniform:a={bits},operands=activations'");
        return new UniformActivations(method, range, step, 0, bits, Rounding.HalfEven);
    }

    /// <summary>The step of which all values are multiples within the range: 1 for integers, else the smallest magnitude or a half or a third of it.</summary>
    private static float? Step(ReadOnlySpan<float> values, CodeRange range)
    {
        if (IsGrid(values, 1, range)) return 1;
        var smallest = float.PositiveInfinity;
        foreach (var value in values) smallest = value == 0 ? smallest : Math.Min(smallest, Math.Abs(value));
        if (float.IsPositiveInfinity(smallest)) return 1;
        for (var divisor = 1; divisor <= 3; divisor++)
        {
            if (IsGrid(values, smallest / divisor, range)) return smallest / divisor;
        }

        return null;
    }

    private static bool IsGrid(ReadOnlySpan<float> values, float step, CodeRange range)
    {
        foreach (var value in values)
        {
            var code = value / step;
            var rounded = MathF.Round(code);
            if (Math.Abs(code - rounded) > Tolerance || rounded < range.Lowest || rounded > range.Highest) return false;
        }

        return true;
    }
}
