namespace Subbyte.Hardware.Arrays;

/// <summary>
/// Cycles of a layer some of whose outputs are skipped, sample by sample. The array takes two passes: positions that are always computed, and then,
/// fold by fold, those of the others that some filter of the fold still needs; the elements of the fold's other filters rest. Nothing less would keep the
/// operands' ways: all elements of a row share a position, and all of a column a filter.
/// </summary>
/// <param name="shape">The product of each group; its depth does not matter.</param>
/// <param name="array">The array.</param>
/// <param name="dataflow">The dataflow.</param>
public sealed class ComputedOutputs(MatrixShape shape, ArraySize array, Dataflow dataflow)
{
    private long _samples;
    private long _folds;
    private long _streamed;

    /// <summary>Counts a sample.</summary>
    /// <param name="keep">Not zero where an output is computed [position][filter], the groups' filters one after the other.</param>
    /// <param name="first">Positions that are always computed.</param>
    public void Observe(ReadOnlySpan<uint> keep, IReadOnlyList<bool> first)
    {
        ArgumentNullException.ThrowIfNull(first);
        _samples++;
        for (var group = 0; group < shape.Groups; group++)
        {
            var filters = (First: (int)(group * shape.Filters), Count: (int)shape.Filters);
            if (dataflow == Dataflow.InputStationary) KeepInputs(keep, first, filters);
            else KeepFilters(keep, first, filters);
        }
    }

    /// <summary>Cycles of one sample, the mean over those counted.</summary>
    /// <param name="steps">Steps of a dot product.</param>
    /// <returns>Cycles of all groups.</returns>
    public double Cycles(long steps)
    {
        var stepped = shape with { Depth = steps };
        if (dataflow == Dataflow.OutputStationary) return (double)_folds * SystolicCycles.OfFold(stepped, array, dataflow) / _samples;
        // A fold of no time has the cycles of loading, filling and draining alone.
        var around = SystolicCycles.OfFold(stepped with { Positions = 0, Filters = 0 }, array, dataflow);
        return (double)Fold.Count(steps, array.Rows) * (_streamed + (_folds * around)) / _samples;
    }

    /// <summary>Filters lie over the columns: each fold of filters goes over the positions that it needs.</summary>
    private void KeepFilters(ReadOnlySpan<uint> keep, IReadOnlyList<bool> first, (int First, int Count) filters)
    {
        for (var start = 0; start < filters.Count; start += array.Columns)
        {
            var (always, others) = (0, 0);
            for (var position = 0; position < first.Count; position++)
            {
                if (first[position]) always++;
                else if (Needs(keep, position, filters.First + start, Math.Min(array.Columns, filters.Count - start))) others++;
            }

            foreach (var positions in new[] { always, others }.Where(count => count > 0))
            {
                _folds += dataflow == Dataflow.OutputStationary ? Fold.Count(positions, array.Rows) : 1;
                _streamed += positions;
            }
        }
    }

    /// <summary>Positions lie over the columns: each fold of positions goes over the filters that it needs.</summary>
    private void KeepInputs(ReadOnlySpan<uint> keep, IReadOnlyList<bool> first, (int First, int Count) filters)
    {
        var others = new List<int>();
        for (var position = 0; position < first.Count; position++)
        {
            if (!first[position] && Needs(keep, position, filters.First, filters.Count)) others.Add(position);
        }

        var always = first.Count(computed => computed);
        if (always > 0) _folds += Fold.Count(always, array.Columns);
        _streamed += always > 0 ? Fold.Count(always, array.Columns) * filters.Count : 0;
        foreach (var fold in others.Chunk(array.Columns))
        {
            _folds++;
            for (var filter = filters.First; filter < filters.First + filters.Count; filter++)
            {
                if (IsNeeded(keep, fold, filter)) _streamed++;
            }
        }
    }

    private bool Needs(ReadOnlySpan<uint> keep, int position, int filter, int count) => keep.Slice((position * Outputs) + filter, count).ContainsAnyExcept(0u);

    private bool IsNeeded(ReadOnlySpan<uint> keep, int[] positions, int filter)
    {
        foreach (var position in positions)
        {
            if (keep[(position * Outputs) + filter] != 0) return true;
        }

        return false;
    }

    private int Outputs => (int)(shape.Filters * shape.Groups);
}
