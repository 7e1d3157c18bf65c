namespace Subbyte.Hardware.Arrays;

/// <summary>
/// What an array reads, writes and waits for. While a fold runs, the next one's operands come in and the last one's results go out; the
/// array waits where that takes longer than the fold.
/// </summary>
public static class TrafficModel
{
    private const int Kinds = 5;

    /// <summary>Traffic in closed form: folds that move the same are counted together.</summary>
    /// <param name="shape">The product.</param>
    /// <param name="array">The array.</param>
    /// <param name="dataflow">The dataflow.</param>
    /// <param name="memory">The memories.</param>
    /// <returns>The traffic of all groups.</returns>
    /// <exception cref="OverflowException">A count has more than 63 bits.</exception>
    public static ArrayTraffic Of(MatrixShape shape, ArraySize array, Dataflow dataflow, ArrayMemory memory)
    {
        var schedule = new FoldSchedule(shape, array, dataflow, memory);
        long read = 0, written = 0, waits = 0;
        foreach (var (outer, outers) in Representatives(schedule.Outer))
        {
            foreach (var (inner, inners) in Representatives(schedule.Inner))
            {
                var count = checked(outers * inners);
                read = checked(read + (count * schedule.Fetch(outer, inner)));
                written = checked(written + (count * schedule.Write(outer, inner)));
                waits = checked(waits + (count * Wait(schedule, memory, outer, inner)));
            }
        }

        return Total(shape, array, dataflow, read, written, checked(waits + Ends(schedule, memory)));
    }

    /// <summary>The same, fold by fold: the reference of <see cref="Of"/>.</summary>
    /// <param name="shape">The product.</param>
    /// <param name="array">The array.</param>
    /// <param name="dataflow">The dataflow.</param>
    /// <param name="memory">The memories.</param>
    /// <returns>The traffic of all groups.</returns>
    public static ArrayTraffic Walk(MatrixShape shape, ArraySize array, Dataflow dataflow, ArrayMemory memory)
    {
        var schedule = new FoldSchedule(shape, array, dataflow, memory);
        long read = 0, written = 0, time = 0, last = 0, folds = 0;
        long incoming = schedule.Fetch(0, 0);
        time += Transfer(incoming, memory);
        for (long outer = 0; outer < schedule.Outer; outer++)
        {
            for (long inner = 0; inner < schedule.Inner; inner++, folds++)
            {
                read += incoming;
                var isLast = folds == (schedule.Outer * schedule.Inner) - 1;
                incoming = isLast ? 0 : inner + 1 < schedule.Inner ? schedule.Fetch(outer, inner + 1) : schedule.Fetch(outer + 1, 0);
                time += Math.Max(schedule.FoldCycles, Transfer(incoming + last, memory));
                last = schedule.Write(outer, inner);
                written += last;
            }
        }

        time += Transfer(last, memory);
        return Total(shape, array, dataflow, read, written, time - (folds * schedule.FoldCycles));
    }

    /// <summary>Indices that stand for all: the first two, one of the middle, the last two; neighbours of a kind are of the same kinds.</summary>
    private static IEnumerable<(long Index, long Count)> Representatives(long count)
    {
        if (count <= Kinds)
        {
            for (long i = 0; i < count; i++) yield return (i, 1);
            yield break;
        }

        yield return (0, 1);
        yield return (1, 1);
        yield return (2, count - 4);
        yield return (count - 2, 1);
        yield return (count - 1, 1);
    }

    /// <summary>Cycles that the array waits while one fold runs.</summary>
    private static long Wait(FoldSchedule schedule, ArrayMemory memory, long outer, long inner)
    {
        var next = inner + 1 < schedule.Inner ? schedule.Fetch(outer, inner + 1) : outer + 1 < schedule.Outer ? schedule.Fetch(outer + 1, 0) : 0;
        var last = inner > 0 ? schedule.Write(outer, inner - 1) : outer > 0 ? schedule.Write(outer - 1, schedule.Inner - 1) : 0;
        return Math.Max(0, Transfer(checked(next + last), memory) - schedule.FoldCycles);
    }

    /// <summary>Cycles before the first fold and after the last one.</summary>
    private static long Ends(FoldSchedule schedule, ArrayMemory memory)
        => Transfer(schedule.Fetch(0, 0), memory) + Transfer(schedule.Write(schedule.Outer - 1, schedule.Inner - 1), memory);

    private static long Transfer(long bytes, ArrayMemory memory) => checked((long)Math.Ceiling(bytes / memory.BytesPerCycle));

    private static ArrayTraffic Total(MatrixShape shape, ArraySize array, Dataflow dataflow, long read, long written, long stalls)
    {
        var (m, n, k) = (shape.Positions, shape.Filters, shape.Depth);
        var (rowFolds, columnFolds) = (
            Fold.Count(SystolicCycles.Dimensions(shape, dataflow).Rows, array.Rows),
            Fold.Count(SystolicCycles.Dimensions(shape, dataflow).Columns, array.Columns));
        var sums = dataflow == Dataflow.OutputStationary ? 1 : rowFolds;
        checked
        {
            return new ArrayTraffic
            {
                InputReads = shape.Groups * m * k * (dataflow == Dataflow.InputStationary ? 1 : columnFolds),
                FilterReads = shape.Groups * n * k * (dataflow switch { Dataflow.OutputStationary => rowFolds, Dataflow.WeightStationary => 1, _ => columnFolds }),
                OutputWrites = shape.Groups * m * n * sums,
                SumReads = shape.Groups * m * n * (sums - 1),
                DramReadBytes = shape.Groups * read,
                DramWriteBytes = shape.Groups * written,
                StallCycles = shape.Groups * stalls,
            };
        }
    }
}
