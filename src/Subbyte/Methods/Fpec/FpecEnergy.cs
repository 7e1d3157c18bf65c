using Subbyte.Costs;

namespace Subbyte.Methods.Fpec;

/// <summary>
/// The energy model of section 6: multipliers and adders of any width between those of M. Horowitz, ISSCC 2014 (45 nm), interpolated by powers.
/// Multiplication grows almost with the square of the width (8 bits 0.2 pJ, 32 bits 3.1 pJ), addition a little less than the width. Only ratios mean something.
/// </summary>
public static class FpecEnergy
{
    private const double MultiplyInt32 = 3.1;
    private const double CalibratedOverhead = 56;
    private const double CalibratedAdd = 9.6;

    /// <summary>Energy of a multiplication.</summary>
    /// <param name="bits">Width of the factors.</param>
    /// <returns>Picojoules.</returns>
    public static double Multiply(double bits)
        => EnergyTable.Default.MultiplyInt8 * Math.Pow(bits / 8, Math.Log(MultiplyInt32 / EnergyTable.Default.MultiplyInt8, 4));

    /// <summary>Energy of an addition.</summary>
    /// <param name="bits">Width.</param>
    /// <returns>Picojoules.</returns>
    public static double Add(double bits)
        => EnergyTable.Default.AddInt8 * Math.Pow(bits / 8, Math.Log(EnergyTable.Default.AddInt32 / EnergyTable.Default.AddInt8, 4));

    /// <summary>Energy of one term of a compensated dot product, the final shift-add apart.</summary>
    /// <param name="activationBits">Computation bits of the activations.</param>
    /// <param name="weightBits">Computation bits of the weights.</param>
    /// <param name="depth">Length of the dot product.</param>
    /// <param name="activationShare">ρx: additions for errors of activations, a term.</param>
    /// <param name="weightShare">ρw: additions for errors of weights, a term.</param>
    /// <returns>Picojoules.</returns>
    public static double Term(double activationBits, double weightBits, int depth, double activationShare = 0, double weightShare = 0)
    {
        var carry = CarryBits(depth);
        return Multiply(Math.Sqrt(activationBits * weightBits)) + Add(activationBits + weightBits + carry)
            + (activationShare * Add(weightBits + carry)) + (weightShare * Add(activationBits + carry));
    }

    /// <summary>
    /// Energy of one term when every processing element also spends a part that does not depend on the width: fitted to the abstract's ratios of 16
    /// and 8 bits, in units of its own.
    /// </summary>
    /// <param name="bits">Computation bits.</param>
    /// <param name="depth">Length of the dot product.</param>
    /// <param name="shares">ρx + ρw.</param>
    /// <returns>Energy, comparable with itself alone.</returns>
    public static double CalibratedTerm(double bits, int depth, double shares = 0)
        => CalibratedOverhead + (bits * bits) + (shares * Add(bits + CarryBits(depth)) / Add(8) * CalibratedAdd);

    /// <summary>Bits by which a sum is wider than its terms: ⌈log2 depth⌉.</summary>
    /// <param name="depth">Length of the dot product.</param>
    /// <returns>L.</returns>
    public static int CarryBits(int depth) => depth <= 1 ? 0 : int.Log2(depth - 1) + 1;
}
