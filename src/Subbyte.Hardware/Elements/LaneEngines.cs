using Subbyte.Costs;
using Subbyte.Methods.TermSerial;

namespace Subbyte.Hardware.Elements;

/// <summary>An engine of tiles and lanes on a layer: cycles are its own, not those of a systolic array.</summary>
/// <param name="Name">The engine.</param>
/// <param name="Cycles">Cycles.</param>
/// <param name="Lanes">Lanes that work side by side.</param>
/// <param name="Busy">Lane cycles that do work.</param>
/// <param name="OperationEnergy">Picojoules of one of them.</param>
public sealed record LaneUse(string Name, double Cycles, double Lanes, double Busy, double OperationEnergy);

/// <summary>DaDianNao, Bit-Pragmatic and Laconic, each beside the bit-parallel tile that takes as many products in its longest time.</summary>
public static class LaneEngines
{
    private const int PragmaticBits = 16;
    private const int LaconicBits = 8;

    /// <summary>The engine of a layer, if its method is one.</summary>
    /// <param name="work">The layer.</param>
    /// <param name="energies">Energies of operations.</param>
    /// <returns>The engine and the bit-parallel one, or null.</returns>
    public static (LaneUse Method, LaneUse Baseline)? Of(LayerWork work, EnergyTable energies) => work.Lowered?.Cost switch
    {
        LaconicCost cost => (Serial("Laconic", work, cost.Tile, energies), Parallel(work, cost.Tile, LaconicBits, energies)),
        BitPragmaticCost cost => (Serial("Bit-Pragmatic", work, cost.Tile, energies), Parallel(work, cost.Tile, PragmaticBits, energies)),
        DaDianNaoCost cost => (Parallel(work, cost.Tile, PragmaticBits, energies), Parallel(work, cost.Tile, PragmaticBits, energies)),
        _ => null,
    };

    private static LaneUse Serial(string name, LayerWork work, LaneGroups tile, EnergyTable energies)
    {
        var cycles = work.Cost.Cycles;
        var lanes = (double)tile.Lanes * tile.Filters * tile.Windows;
        return new LaneUse(name, cycles, lanes, work.Cost.Operations["termPairs"] * work.ComputedShare, 2 * energies.AddInt8);
    }

    private static LaneUse Parallel(LayerWork work, LaneGroups tile, int bits, EnergyTable energies)
    {
        var groups = new LaneGroups(work.Layer, tile.Lanes, tile.Filters, windows: 1);
        return new LaneUse($"bit-parallel tile {bits}x{bits}", groups.Count, (double)tile.Lanes * tile.Filters, work.Layer.Macs, energies.MultiplyAccumulate(bits, bits));
    }
}
