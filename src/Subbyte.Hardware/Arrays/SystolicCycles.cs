namespace Subbyte.Hardware.Arrays;

/// <summary>
/// Cycles of a systolic array in closed form. Every fold is charged the whole array, as SCALE-Sim does: an output-stationary fold takes
/// <c>K + R + C − 2</c> cycles, a weight-stationary one <c>M + 2R + C − 2</c> and an input-stationary one <c>N + 2R + C − 2</c>, of which R
/// load the operand that stays. SCALE-Sim's tool prints the number of the last cycle, one less in all; the formula of its paper
/// (Samajdar et al., ISPASS 2020) has 2R for the output-stationary fold too, for outputs that are moved out over the columns.
/// </summary>
public static class SystolicCycles
{
    /// <summary>Cycles of a product, all groups.</summary>
    /// <param name="shape">The product.</param>
    /// <param name="array">The array.</param>
    /// <param name="dataflow">The dataflow.</param>
    /// <returns>Cycles.</returns>
    /// <exception cref="OverflowException">There are more than 2⁶³ of them.</exception>
    public static long Of(MatrixShape shape, ArraySize array, Dataflow dataflow)
        => checked(shape.Groups * FoldCount(shape, array, dataflow) * OfFold(shape, array, dataflow));

    /// <summary>Folds of one group.</summary>
    /// <param name="shape">The product.</param>
    /// <param name="array">The array.</param>
    /// <param name="dataflow">The dataflow.</param>
    /// <returns>Folds over the rows times folds over the columns.</returns>
    public static long FoldCount(MatrixShape shape, ArraySize array, Dataflow dataflow)
    {
        var (rows, columns, _) = Dimensions(shape, dataflow);
        return checked(Fold.Count(rows, array.Rows) * Fold.Count(columns, array.Columns));
    }

    /// <summary>Cycles of one fold.</summary>
    /// <param name="shape">The product.</param>
    /// <param name="array">The array.</param>
    /// <param name="dataflow">The dataflow.</param>
    /// <returns>Cycles, fill and drain included.</returns>
    public static long OfFold(MatrixShape shape, ArraySize array, Dataflow dataflow)
    {
        var (_, _, time) = Dimensions(shape, dataflow);
        var load = dataflow == Dataflow.OutputStationary ? 0 : array.Rows;
        return checked(time + load + array.Rows + array.Columns - 2);
    }

    /// <summary>Share of the processing elements' cycles that are multiply-accumulates.</summary>
    /// <param name="shape">The product.</param>
    /// <param name="array">The array.</param>
    /// <param name="dataflow">The dataflow.</param>
    /// <returns>0 … 1.</returns>
    public static double Utilization(MatrixShape shape, ArraySize array, Dataflow dataflow)
        => shape.Macs / ((double)Of(shape, array, dataflow) * array.Elements);

    /// <summary>What lies over the rows, what over the columns, and what goes by in time.</summary>
    /// <param name="shape">The product.</param>
    /// <param name="dataflow">The dataflow.</param>
    /// <returns>The three dimensions of the product in these roles.</returns>
    public static (long Rows, long Columns, long Time) Dimensions(MatrixShape shape, Dataflow dataflow) => dataflow switch
    {
        Dataflow.OutputStationary => (shape.Positions, shape.Filters, shape.Depth),
        Dataflow.WeightStationary => (shape.Depth, shape.Filters, shape.Positions),
        _ => (shape.Depth, shape.Positions, shape.Filters),
    };
}
