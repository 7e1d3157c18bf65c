namespace Subbyte.Costs;

/// <summary>
/// Areas of arithmetic in gate equivalents (two-input NANDs), one unit-gate model for all processing elements. Cells are those of the
/// NanGate 45 nm open cell library at drive strength 1 (widths in its LEF file, height 1.4 µm): NAND2 0.57 µm, AND2 0.76 µm, FA 3.04 µm,
/// MUX2 1.33 µm, DFF 3.23 µm. Every figure made from it is modelled: no wiring, no sizing, no sharing between the parts.
/// </summary>
public static class GateArea
{
    private const double Nand2 = 0.57;

    /// <summary>A two-input AND.</summary>
    public const double And2 = 0.76 / Nand2;

    /// <summary>A full adder.</summary>
    public const double FullAdder = 3.04 / Nand2;

    /// <summary>A two-way selector of one bit.</summary>
    public const double Mux2 = 1.33 / Nand2;

    /// <summary>A flip-flop.</summary>
    public const double FlipFlop = 3.23 / Nand2;

    /// <summary>An array multiplier: m·n partial-product bits, m − 1 rows of n full adders.</summary>
    /// <param name="m">Bits of one factor.</param>
    /// <param name="n">Bits of the other.</param>
    /// <returns>Gate equivalents.</returns>
    public static double Multiplier(int m, int n) => (m * n * And2) + ((m - 1) * n * FullAdder);

    /// <summary>A ripple-carry adder.</summary>
    /// <param name="bits">Width.</param>
    /// <returns>Gate equivalents.</returns>
    public static double Adder(int bits) => bits * FullAdder;

    /// <summary>A selector; also a shifter with as many settings.</summary>
    /// <param name="ways">Number of inputs.</param>
    /// <param name="bits">Width.</param>
    /// <returns>Gate equivalents.</returns>
    public static double Selector(int ways, int bits) => bits * (ways - 1) * Mux2;

    /// <summary>A register.</summary>
    /// <param name="bits">Width.</param>
    /// <returns>Gate equivalents.</returns>
    public static double Register(int bits) => bits * FlipFlop;
}
