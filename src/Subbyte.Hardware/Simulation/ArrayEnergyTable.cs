using Subbyte.Costs;

namespace Subbyte.Hardware.Simulation;

/// <summary>
/// Energies of an accelerator in picojoules: the operations of <see cref="EnergyTable"/>, its memories, and what idles. All at 45 nm, scaled to
/// <see cref="Nanometres"/>. Modelled, not measured.
/// </summary>
public sealed record ArrayEnergyTable
{
    /// <summary>Where the figures of the memories come from.</summary>
    public const string MemorySource = "SRAM 8 KB, 32 KB, 1 MB and DRAM: M. Horowitz, ISSCC 2014, the same table; sizes between them by powers, DRAM the middle of its 1.3–2.6 nJ for 64 bits";

    /// <summary>Where the idle share comes from.</summary>
    public const string IdleSource = "power of an idle over that of an 80 % used INT8 element, read off a published plot (NanGate 45 nm, 500 MHz)";

    private const double BaseNanometres = 45;
    private const double SmallBytes = 8 << 10;
    private const double MediumBytes = 32 << 10;
    private const double LargeBytes = 1 << 20;

    /// <summary>The operations.</summary>
    public EnergyTable Operations { get; init; } = EnergyTable.Default;

    /// <summary>Energy of 64 bits from an SRAM of 8 KB.</summary>
    public double Sram8Kilobytes { get; init; } = 10;

    /// <summary>Energy of 64 bits from an SRAM of 32 KB.</summary>
    public double Sram32Kilobytes { get; init; } = 20;

    /// <summary>Energy of 64 bits from an SRAM of 1 MB.</summary>
    public double Sram1Megabyte { get; init; } = 100;

    /// <summary>Energy of 64 bits from DRAM.</summary>
    public double Dram { get; init; } = 1950;

    /// <summary>Power of an idle element over its power at 80 % utilization, 0 ≤ ρ &lt; 1.</summary>
    public double IdlePower { get; init; } = 0.23;

    /// <summary>Technology node that on-chip energies are scaled to.</summary>
    public double Nanometres { get; init; } = BaseNanometres;

    /// <summary>Factor on on-chip energies: switched capacitance shrinks with the node, the supply voltage is taken to stay.</summary>
    public double Scaling => Nanometres / BaseNanometres;

    /// <summary>What an element spends in a cycle whether it works or not, over what its operation spends: ρ/(1 − ρ) · 0.8.</summary>
    public double IdleShare => 0.8 * IdlePower / (1 - IdlePower);

    /// <summary>Energy of moving bits between an SRAM and the array.</summary>
    /// <param name="bits">Bits moved.</param>
    /// <param name="capacity">Bytes of the SRAM.</param>
    /// <returns>Picojoules.</returns>
    public double Sram(double bits, double capacity) => bits / 64 * Scaling * Access(Math.Max(capacity, 1));

    /// <summary>Energy of moving bytes between DRAM and chip.</summary>
    /// <param name="bytes">Bytes moved.</param>
    /// <returns>Picojoules.</returns>
    public double DramTraffic(double bytes) => bytes / 8 * Dram;

    private double Access(double capacity) => capacity <= MediumBytes
        ? Between(capacity, SmallBytes, Sram8Kilobytes, MediumBytes, Sram32Kilobytes)
        : Between(capacity, MediumBytes, Sram32Kilobytes, LargeBytes, Sram1Megabyte);

    private static double Between(double capacity, double low, double lowEnergy, double high, double highEnergy)
        => lowEnergy * Math.Pow(highEnergy / lowEnergy, Math.Log(capacity / low) / Math.Log(high / low));
}
