namespace Subbyte.Hardware.Arrays;

/// <summary>What a step-by-step run of one product gave.</summary>
/// <param name="Outputs">Results [positions][filters].</param>
/// <param name="Cycles">Cycles until the last element was done, over all folds.</param>
/// <param name="BusyElementCycles">Cycles in which an element had both operands, summed over the elements.</param>
public sealed record SystolicRun(long[,] Outputs, long Cycles, long BusyElementCycles);

/// <summary>
/// A systolic array cycle by cycle: registers between neighbours, skewed edges, one step an element and cycle. The reference of
/// <see cref="SystolicCycles"/>, of the processing elements and of the RTL; slow by design.
/// </summary>
/// <param name="array">The array.</param>
/// <param name="multiply">One step: adds the product of a position's operand at a step and a filter's to a partial sum.</param>
public sealed class SystolicArrayModel(ArraySize array, SystolicArrayModel.Step multiply)
{
    /// <summary>One step of a processing element.</summary>
    /// <param name="position">Output position.</param>
    /// <param name="filter">Filter.</param>
    /// <param name="step">Step of the dot product.</param>
    /// <param name="sum">Partial sum.</param>
    /// <returns>The new partial sum.</returns>
    public delegate long Step(long position, long filter, long step, long sum);

    /// <summary>Runs one group's product.</summary>
    /// <param name="shape">The product; small, since every element is visited in every cycle.</param>
    /// <param name="dataflow">The dataflow.</param>
    /// <returns>Outputs and counts.</returns>
    public SystolicRun Run(MatrixShape shape, Dataflow dataflow)
    {
        var outputs = new long[shape.Positions, shape.Filters];
        var (rows, columns, _) = SystolicCycles.Dimensions(shape, dataflow);
        long cycles = 0, busy = 0;
        for (long row = 0; row < rows; row += array.Rows)
        {
            for (long column = 0; column < columns; column += array.Columns)
            {
                var fold = dataflow == Dataflow.OutputStationary
                    ? KeepOutputs(shape, row, column, outputs)
                    : KeepOperands(shape, dataflow, row, column, outputs);
                cycles += fold.Cycles;
                busy += fold.Busy;
            }
        }

        return new SystolicRun(outputs, cycles, busy);
    }

    /// <summary>The step number travels right and down with the operands; an element works when both of its operands have arrived.</summary>
    private (long Cycles, long Busy) KeepOutputs(MatrixShape shape, long firstPosition, long firstFilter, long[,] outputs)
    {
        var fromLeft = Empty();
        var fromAbove = Empty();
        long busy = 0, cycle = 0;
        for (var left = array.Elements * shape.Depth; left > 0; cycle++)
        {
            for (var r = array.Rows - 1; r >= 0; r--)
            {
                for (var c = array.Columns - 1; c >= 0; c--)
                {
                    fromLeft[r, c] = c > 0 ? fromLeft[r, c - 1] : Skewed(cycle - r, shape.Depth);
                    fromAbove[r, c] = r > 0 ? fromAbove[r - 1, c] : Skewed(cycle - c, shape.Depth);
                    if (fromLeft[r, c] < 0) continue;
                    if (fromLeft[r, c] != fromAbove[r, c]) throw new InvalidOperationException("operands of different steps meet");
                    left--;
                    var (position, filter) = (firstPosition + r, firstFilter + c);
                    if (position >= shape.Positions || filter >= shape.Filters) continue;
                    busy++;
                    outputs[position, filter] = multiply(position, filter, fromLeft[r, c], outputs[position, filter]);
                }
            }
        }

        return (cycle, busy);
    }

    /// <summary>The operand that stays is loaded row by row from above; then the other enters from the left and sums go down with it.</summary>
    private (long Cycles, long Busy) KeepOperands(MatrixShape shape, Dataflow dataflow, long firstStep, long firstColumn, long[,] outputs)
    {
        var isWeight = dataflow == Dataflow.WeightStationary;
        var (_, columns, time) = SystolicCycles.Dimensions(shape, dataflow);
        var fromLeft = Empty();
        var sums = new long[array.Rows, array.Columns];
        // Loading moves the operand that stays down by one row a cycle.
        long start = array.Rows;
        long busy = 0, cycle = start;
        for (var left = array.Columns * time; left > 0; cycle++)
        {
            for (var r = array.Rows - 1; r >= 0; r--)
            {
                for (var c = array.Columns - 1; c >= 0; c--)
                {
                    fromLeft[r, c] = c > 0 ? fromLeft[r, c - 1] : Skewed(cycle - start - r, time);
                    if (fromLeft[r, c] < 0) continue;
                    var (step, column) = (firstStep + r, firstColumn + c);
                    var (position, filter) = isWeight ? (fromLeft[r, c], column) : (column, fromLeft[r, c]);
                    var isUsed = column < columns;
                    if (isUsed)
                    {
                        sums[r, c] = r > 0 ? sums[r - 1, c] : outputs[position, filter];
                        if (step < shape.Depth)
                        {
                            busy++;
                            sums[r, c] = multiply(position, filter, step, sums[r, c]);
                        }
                    }

                    if (r < array.Rows - 1) continue;
                    left--;
                    if (isUsed) outputs[position, filter] = sums[r, c];
                }
            }
        }

        return (cycle, busy);
    }

    private static long Skewed(long time, long length) => time >= 0 && time < length ? time : -1;

    private long[,] Empty()
    {
        var registers = new long[array.Rows, array.Columns];
        for (var r = 0; r < array.Rows; r++)
        {
            for (var c = 0; c < array.Columns; c++) registers[r, c] = -1;
        }

        return registers;
    }
}
