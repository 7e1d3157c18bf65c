using Subbyte.Costs;
using Subbyte.Methods.Fpec;
using Subbyte.Methods.NbSmt;
using Subbyte.Methods.Sparq;
using Subbyte.Methods.TermRevealing;

namespace Subbyte.Hardware.Elements;

/// <summary>The processing element of each method beside the one that its paper compares with.</summary>
public static class ElementModels
{
    private const int QuantizedBits = 8;

    /// <summary>The elements of a layer.</summary>
    /// <param name="work">The layer.</param>
    /// <param name="energies">Energies of operations.</param>
    /// <returns>The method's element and the baseline's.</returns>
    public static (ElementUse Method, ElementUse Baseline) Of(LayerWork work, EnergyTable energies)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(energies);
        var (method, baseline) = work.Lowered?.Cost switch
        {
            NbSmtCost cost => Threads(work, cost, energies),
            SparqCost cost => Pairs(work, cost, energies),
            TermRevealingCost cost => Terms(work, cost, energies),
            FpecCost => Compensated(work, energies),
            _ => Plain(work, energies),
        };
        // The multiplier of an output that is skipped rests.
        return (method with { Busy = method.Busy * work.ComputedShare }, baseline);
    }

    private static ElementUse Conventional(LayerWork work, EnergyTable energies, int bits = QuantizedBits)
        => new($"conventional MAC {bits}x{bits}", work.Layer.Depth, 1, work.Layer.Macs, energies.MultiplyAccumulate(bits, bits));

    private static (ElementUse Method, ElementUse Baseline) Plain(LayerWork work, EnergyTable energies)
    {
        var baseline = Conventional(work, energies);
        var (weightBits, activationBits) = (work.Cost.WeightBits, work.Cost.ActivationBits);
        if (work.Lowered?.Method is "one-hot")
        {
            // An addition of two exponents of three bits and the accumulation.
            return (baseline with { Name = "one-hot", OperationEnergy = (energies.AddInt8 * 3 / 8) + energies.AddInt32 }, baseline);
        }

        if (work.Lowered is null || activationBits >= 32)
            return (baseline with { Name = "fp32 MAC", OperationEnergy = energies.MultiplyAccumulate(32, 32) }, baseline);
        var width = Math.Round(work.Cost.Operations.TryGetValue("bitOperations", out var operations) ? operations / work.Layer.Macs / activationBits : weightBits);
        return (baseline with { Name = FormattableString.Invariant($"MAC {width:0.#}x{activationBits:0.#}"), OperationEnergy = energies.MultiplyAccumulate(width, activationBits) }, baseline);
    }

    /// <summary>SySMT: a T-th of the steps; the power of the element grows with its threads, and with how often any of them works.</summary>
    private static (ElementUse Method, ElementUse Baseline) Threads(LayerWork work, NbSmtCost cost, EnergyTable energies)
    {
        var steps = work.ElementSteps(cost.Cycles);
        var single = work.ElementSteps(work.Layer.Depth);
        var operations = work.Cost.Operations;
        var busy = operations.TryGetValue("multiplierCycles.busy", out var counted) ? counted : steps * NbSmtArray.StatedUtilization;
        var useful = operations.TryGetValue("products.nonZero", out var products) ? products : single * NbSmtArray.StatedUtilization;
        var energy = energies.MultiplyAccumulate(QuantizedBits, QuantizedBits);
        var ratio = NbSmtArray.RelativePower(cost.Threads, NbSmtArray.StatedUtilization);
        var baseline = new ElementUse("conventional MAC 8x8, zeros idle", work.Layer.Depth, 1, useful, energy);
        return cost.Threads == 1
            ? (baseline, baseline)
            : (new ElementUse($"SySMT {cost.Threads}T", cost.Cycles, 1, busy, energy * ratio), baseline);
    }

    /// <summary>SPARQ: two products a cycle on multipliers of a few bits.</summary>
    private static (ElementUse Method, ElementUse Baseline) Pairs(LayerWork work, SparqCost cost, EnergyTable energies)
    {
        var steps = work.ElementSteps(cost.Steps);
        return (new ElementUse($"SPARQ {cost.Window}", cost.Steps, 1, steps, Arithmetic(work) / steps), Conventional(work, energies));
    }

    /// <summary>Term Revealing: a group's budget of term pairs a beat; the baseline is the same array in its conventional mode, which goes over all pairs of bits.</summary>
    private static (ElementUse Method, ElementUse Baseline) Terms(LayerWork work, TermRevealingCost cost, EnergyTable energies)
    {
        var pair = 2 * energies.AddInt8;
        var steps = work.ElementSteps(cost.Steps) * cost.Beat;
        var pairs = work.Cost.Operations.GetValueOrDefault("termPairs.actual", steps);
        var all = work.Cost.Operations["termPairs.qt"];
        return (
            new ElementUse("tMAC", cost.Steps, cost.Beat, pairs, Arithmetic(work) / pairs),
            new ElementUse("tMAC in conventional mode", work.Layer.Depth, (int)Math.Round(all / work.Layer.Macs), all, pair));
    }

    /// <summary>FPEC: fold by fold where queues were followed; else every output waits for the one of the layer whose compensations take longest.</summary>
    private static (ElementUse Method, ElementUse Baseline) Compensated(LayerWork work, EnergyTable energies)
    {
        var steps = (long)work.Cost.Operations["cycles.longest"];
        var operations = work.Cost.Operations;
        return (
            new ElementUse("FPEC", steps, 1, work.Layer.Macs, operations["picojoules.fpec"] / work.Layer.Macs * Scale(energies))
            {
                ArrayCycles = operations.TryGetValue(QueuedCost.Cycles, out var cycles) ? cycles : null,
            },
            new ElementUse("FxP-8 MAC", work.Layer.Depth, 1, work.Layer.Macs, operations["picojoules.fxp8"] / work.Layer.Macs * Scale(energies)));
    }

    // Counts come with energies of the default table; another table's multiplication scales them.
    private static double Scale(EnergyTable energies) => energies.MultiplyInt8 / EnergyTable.Default.MultiplyInt8;

    /// <summary>The cost's energy without its weight traffic, which the array's SRAM has.</summary>
    private static double Arithmetic(LayerWork work) => work.Cost.EnergyPicojoules - EnergyTable.Default.WeightTraffic(work.Cost.WeightStorageBits);
}
