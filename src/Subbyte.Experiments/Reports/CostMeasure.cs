namespace Subbyte.Experiments.Reports;

/// <summary>A cost that results are plotted against.</summary>
/// <param name="Key">Name in identifiers.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Quantity">Its units.</param>
/// <param name="Of">The cost of a result for one sample, or null where it has none.</param>
/// <param name="IsComparable">Whether it means the same under every method.</param>
/// <param name="Note">What the figure means and does not mean.</param>
internal sealed record CostMeasure(string Key, string Name, Quantity Quantity, Func<RecipeResult, double?> Of, bool IsComparable, string Note)
{
    /// <summary>Modelled energy.</summary>
    public static CostMeasure Energy { get; } = new(
        "energy",
        "Energy",
        Quantity.Energy,
        result => result.Cost.EnergyPicojoules,
        true,
        "Modelled, not measured: the arithmetic of one sample and one read of every weight from an 8 KB SRAM, from the table of energies below. Activation traffic, DRAM and control are left out.");

    /// <summary>Memory of the weights.</summary>
    public static CostMeasure Weights { get; } = new(
        "weights",
        "Weight memory",
        Quantity.Memory,
        result => result.Cost.WeightBytes,
        true,
        "Counted: the weights of all dot-product layers in the method's own storage format, scales included; no other parameters and no entropy coding.");

    /// <summary>Bit operations.</summary>
    public static CostMeasure BitOperations { get; } = new(
        "bitops",
        "Bit operations",
        Quantity.Count,
        result => result.Cost.Operations.TryGetValue("bitOperations", out var count) ? count : null,
        true,
        "Modelled: multiplications × bits of the weight operand × bits of the activation operand, for one sample; fp32 counts 32 × 32. A method that does not multiply says on its page what it counts instead.");

    /// <summary>Modelled cycles.</summary>
    public static CostMeasure Cycles { get; } = new(
        "cycles",
        "Cycles",
        Quantity.Count,
        result => result.Cost.Cycles,
        false,
        "Modelled, and comparable only within one method: each method counts the cycles of its own processing element or array for one sample, as its page defines them; plain products count one multiplier, one cycle a multiply-accumulate. Memory stalls are left out.");

    /// <summary>All, in the order of the report.</summary>
    public static IReadOnlyList<CostMeasure> All { get; } = [Energy, Weights, BitOperations, Cycles];

    /// <summary>The cost, where it can stand on a logarithmic axis.</summary>
    /// <param name="result">The result.</param>
    /// <returns>A positive finite number, or null.</returns>
    public double? Positive(RecipeResult result) => Of(result) is { } cost && double.IsFinite(cost) && cost > 0 ? cost : null;
}
