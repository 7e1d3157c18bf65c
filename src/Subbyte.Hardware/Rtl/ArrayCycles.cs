using Subbyte.Hardware.Arrays;

namespace Subbyte.Hardware.Rtl;

/// <summary>Cycles of a layer on an output-stationary array of RTL elements.</summary>
public static class ArrayCycles
{
    /// <summary>Counts them: in closed form, or fold by fold where elements queue work, which depends on the values.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="element">Its element.</param>
    /// <param name="array">The array.</param>
    /// <returns>Cycles of all folds.</returns>
    public static long Of(RtlLayer layer, RtlElement element, ArraySize array)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(element);
        var shape = new MatrixShape(layer.Positions, layer.Filters, element.Steps);
        var folds = SystolicCycles.FoldCount(shape, array, Dataflow.OutputStationary);
        if (element.QueueDepth == 0) return checked((SystolicCycles.Of(shape, array, Dataflow.OutputStationary) * element.Beat) + (folds * element.Extra));
        long cycles = folds * element.Extra;
        for (var position = 0; position < layer.Positions; position += array.Rows)
        {
            for (var filter = 0; filter < layer.Filters; filter += array.Columns) cycles += Queueing(layer, element, array, position, filter);
        }

        return cycles;
    }

    /// <summary>Steps go through the array along its diagonals; all wait while a queue has no room for two, and the end until all are empty.</summary>
    private static long Queueing(RtlLayer layer, RtlElement element, ArraySize array, int firstPosition, int firstFilter)
    {
        var (rows, columns) = (Math.Min(array.Rows, layer.Positions - firstPosition), Math.Min(array.Columns, layer.Filters - firstFilter));
        var waiting = new int[rows, columns];
        var length = element.Steps + array.Rows + array.Columns - 2;
        long cycles = 0;
        bool isBusy;
        var time = 0;
        do
        {
            var isReady = true;
            foreach (var count in waiting) isReady &= count <= element.QueueDepth - 2;
            isBusy = false;
            for (var r = 0; r < rows; r++)
            {
                for (var c = 0; c < columns; c++)
                {
                    if (waiting[r, c] > 0) waiting[r, c]--;
                    var step = time - r - c;
                    if (isReady && step >= 0 && step < element.Steps) waiting[r, c] += element.Queued(layer.Row(firstPosition + r), firstFilter + c, step);
                    isBusy |= waiting[r, c] > 0;
                }
            }

            if (isReady && time < length) time++;
            cycles++;
        }
        while (time < length || isBusy);
        return cycles;
    }
}
