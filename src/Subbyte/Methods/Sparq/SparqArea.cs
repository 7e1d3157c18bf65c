using Subbyte.Costs;

namespace Subbyte.Methods.Sparq;

/// <summary>
/// Area of processing elements of two multiply-accumulates a cycle with 8-bit weights and a 32-bit partial sum, in gate equivalents
/// (section 6; our unit-gate model, not the paper's synthesis).
/// </summary>
public static class SparqArea
{
    private const int WeightBits = 8;
    private const int SumBits = 32;

    /// <summary>Two 8-bit by 8-bit multipliers: the baseline.</summary>
    public static double TwoInt8 { get; } = (2 * GateArea.Multiplier(8, WeightBits)) + GateArea.Adder(17) + GateArea.Adder(SumBits)
        + GateArea.Register((2 * 8) + (2 * WeightBits) + SumBits);

    /// <summary>Two plain n-bit by 8-bit multipliers: naive n-bit activations.</summary>
    /// <param name="activationBits">n.</param>
    /// <returns>Gate equivalents.</returns>
    public static double TwoPlain(int activationBits)
        => (2 * GateArea.Multiplier(activationBits, WeightBits)) + GateArea.Adder(activationBits + WeightBits + 1) + GateArea.Adder(SumBits)
            + GateArea.Register((2 * activationBits) + (2 * WeightBits) + SumBits);

    /// <summary>The SPARQ processing element of a window.</summary>
    /// <param name="window">The window.</param>
    /// <returns>Gate equivalents.</returns>
    public static double Of(SparqWindow window)
        => (2 * GateArea.Multiplier(window.Width, WeightBits)) + Steering(window) + GateArea.Adder(17) + GateArea.Adder(SumBits)
            + GateArea.Register((2 * (window.Width + window.ShiftControlBits + 1)) + (2 * WeightBits) + SumBits);

    /// <summary>The part of a processing element that steers operands: two shifters of 16 bits and two weight selectors.</summary>
    /// <param name="window">The window.</param>
    /// <returns>Gate equivalents.</returns>
    public static double Steering(SparqWindow window)
        => (2 * GateArea.Selector(window.Shifts.Count, 16)) + (2 * GateArea.Selector(2, WeightBits));
}
