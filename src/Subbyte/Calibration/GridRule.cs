using Subbyte.Lowering;

namespace Subbyte.Calibration;

/// <summary>How the range of a channel's grid is chosen before its weights are rounded.</summary>
public enum GridRule
{
    /// <summary>The clip with the smallest squared error of the weights.</summary>
    Mse,

    /// <summary>The largest magnitude, as in GPTQ's paper.</summary>
    MinMax,
}

/// <summary>Grids by a rule.</summary>
internal static class GridRules
{
    /// <summary>The grid of some weights.</summary>
    /// <param name="rule">How its range is chosen.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="bits">Bits of a code, 2 … 16.</param>
    /// <returns>A symmetric narrow grid.</returns>
    public static UniformGrid Grid(this GridRule rule, ReadOnlySpan<float> weights, int bits)
        => UniformGrid.Narrow(rule == GridRule.Mse ? SquaredErrorClip.Of(weights, CodeRange.Narrow(bits).Highest).Clip : MinMaxClip.Of(weights), bits);
}
