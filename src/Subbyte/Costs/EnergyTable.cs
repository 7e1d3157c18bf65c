namespace Subbyte.Costs;

/// <summary>
/// Energies of operations in picojoules, one table for all methods: 45 nm, 0.9 V, M. Horowitz, "Computing's energy problem (and what we
/// can do about it)", ISSCC 2014, the table "rough energy costs". The figures agree with two independent reprints of it: table 3 of
/// PMC8934428 (32-bit integer, floating-point and 8 KB cache figures) and stillwater-sc/esim, energysim/database/energy.py (8-bit and 32-bit
/// arithmetic). Every figure made from the table is modelled, not measured.
/// </summary>
public sealed record EnergyTable
{
    /// <summary>Where the figures come from, to be printed with everything made from them.</summary>
    public const string Source = "45 nm, 0.9 V; M. Horowitz, “Computing's energy problem (and what we can do about it)”, ISSCC 2014";

    /// <summary>The table that comparisons use unless told otherwise.</summary>
    public static EnergyTable Default { get; } = new();

    /// <summary>
    /// Energy of an 8-bit integer multiplication; other widths scale with the product of the widths, as the table's own 32-bit one does (3.1 pJ,
    /// 15.5 times as much).
    /// </summary>
    public double MultiplyInt8 { get; init; } = 0.2;

    /// <summary>Energy of a 32-bit integer addition.</summary>
    public double AddInt32 { get; init; } = 0.1;

    /// <summary>Energy of an 8-bit integer addition.</summary>
    public double AddInt8 { get; init; } = 0.03;

    /// <summary>Energy of an fp32 multiplication.</summary>
    public double MultiplyFloat32 { get; init; } = 3.7;

    /// <summary>Energy of an fp32 addition.</summary>
    public double AddFloat32 { get; init; } = 0.9;

    /// <summary>Energy of reading 64 bits from an 8 KB SRAM.</summary>
    public double ReadSram64 { get; init; } = 10;

    /// <summary>Energy of one multiply-accumulate.</summary>
    /// <param name="weightBits">Bits of the weight.</param>
    /// <param name="activationBits">Bits of the activation; 32 or more means fp32.</param>
    /// <returns>Picojoules.</returns>
    public double MultiplyAccumulate(double weightBits, double activationBits)
        => activationBits >= 32 ? MultiplyFloat32 + AddFloat32 : (MultiplyInt8 * weightBits * activationBits / 64) + AddInt32;

    /// <summary>Energy of reading weights once from an 8 KB SRAM.</summary>
    /// <param name="bits">Bits read.</param>
    /// <returns>Picojoules.</returns>
    public double WeightTraffic(double bits) => bits / 64 * ReadSram64;
}
