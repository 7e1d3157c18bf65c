namespace Subbyte.Hardware.Arrays;

/// <summary>The matrix product of one layer and one sample: <c>[Positions × Depth] · [Depth × Filters]</c>, once for each group.</summary>
/// <param name="Positions">Output positions, M.</param>
/// <param name="Filters">Filters of one group, N.</param>
/// <param name="Depth">Length of a dot product, K.</param>
/// <param name="Groups">Groups of the layer; each is a product of its own.</param>
public sealed record MatrixShape(long Positions, long Filters, long Depth, long Groups = 1)
{
    /// <summary>Elements of one group's input map; a patch matrix repeats them where windows overlap.</summary>
    public long InputElements { get; init; } = checked(Positions * Depth);

    /// <summary>Multiply-accumulates of all groups.</summary>
    public long Macs => checked(Positions * Filters * Depth * Groups);

    /// <summary>The shape when a processing element takes several operands of the dot product in one step.</summary>
    /// <param name="operands">Operands of a step.</param>
    /// <returns>The shape with ⌈K / operands⌉ steps as its depth.</returns>
    public MatrixShape Stepped(int operands) => this with { Depth = Fold.Count(Depth, operands) };
}
