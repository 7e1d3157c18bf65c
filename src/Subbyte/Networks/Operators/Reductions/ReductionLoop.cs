using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>
/// Reduces the elements of a tensor along some of its axes. The order is fixed by shapes alone: where the innermost axis is reduced, each row is dealt
/// out to eight states that are joined pairwise at the end; where it is kept, each result takes its elements in the order of memory.
/// </summary>
internal sealed class ReductionLoop
{
    // States of as many neighbouring results are held on the stack.
    private const int Columns = 256;

    private const int Lanes = 8;

    private readonly Box _kept;
    private readonly Box _reduced;
    private readonly bool _isInnermostReduced;
    private readonly long _count;

    private ReductionLoop(Box kept, Box reduced, bool isInnermostReduced, long count)
        => (_kept, _reduced, _isInnermostReduced, _count) = (kept, reduced, isInnermostReduced, count);

    /// <summary>Plans the loop.</summary>
    /// <param name="input">The operand.</param>
    /// <param name="isReduced">For each logical axis, whether it is reduced.</param>
    /// <param name="result">The result, with reduced axes of size 1 or without them.</param>
    /// <returns>The loop.</returns>
    public static ReductionLoop Of(TensorType input, ReadOnlySpan<bool> isReduced, TensorType result)
    {
        var resultStrides = Strided.Of(result.Physical);
        var hasAllAxes = result.Rank == input.Rank;
        var sizes = input.Physical;
        var (reduced, strides) = (new bool[sizes.Length], new int[sizes.Length]);
        for (var (axis, resultAxis) = (0, 0); axis < sizes.Length; axis++)
        {
            var physical = input.PhysicalAxis(axis);
            reduced[physical] = isReduced[axis];
            if (!isReduced[axis]) strides[physical] = resultStrides[result.PhysicalAxis(resultAxis)];
            if (hasAllAxes || !isReduced[axis]) resultAxis++;
        }

        return Of(sizes, reduced, strides);
    }

    /// <summary>Plans the loop.</summary>
    /// <param name="sizes">Dimensions of the operand in memory order.</param>
    /// <param name="isReduced">For each of them, whether it is reduced.</param>
    /// <param name="resultStrides">Strides of the result along those that are kept.</param>
    /// <returns>The loop.</returns>
    public static ReductionLoop Of(ReadOnlySpan<int> sizes, ReadOnlySpan<bool> isReduced, ReadOnlySpan<int> resultStrides)
    {
        var strides = Strided.Of(sizes);
        var (kept, reduced) = (new MergedAxes(2), new MergedAxes(1));
        long count = 1;
        var isInnermostReduced = true;
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            if (isReduced[axis]) count *= sizes[axis];
            if (sizes[axis] == 1) continue;
            isInnermostReduced = isReduced[axis];
            if (isReduced[axis]) reduced.Add(sizes[axis], strides[axis]);
            else kept.Add(sizes[axis], strides[axis], resultStrides[axis]);
        }

        return new ReductionLoop(new Box(kept.Sizes, kept.Strides), new Box(reduced.Sizes, reduced.Strides), isInnermostReduced, count);
    }

    /// <summary>Reduces.</summary>
    /// <typeparam name="T">Type of the elements.</typeparam>
    /// <typeparam name="TState">What the reduction keeps between elements.</typeparam>
    /// <typeparam name="TReduction">The reduction.</typeparam>
    /// <param name="x">Operand.</param>
    /// <param name="d">Result.</param>
    public void Run<T, TState, TReduction>(ReadOnlySpan<T> x, Span<T> d)
        where T : unmanaged
        where TState : unmanaged
        where TReduction : IReduction<T, TState>
    {
        if (d.IsEmpty) return;
        if (x.IsEmpty) d.Fill(TReduction.Result(TReduction.Seed, _count));
        else if (_isInnermostReduced) Rows<T, TState, TReduction>(x, d);
        else ColumnBlocks<T, TState, TReduction>(x, d);
    }

    private void Rows<T, TState, TReduction>(ReadOnlySpan<T> x, Span<T> d)
        where T : unmanaged
        where TState : unmanaged
        where TReduction : IReduction<T, TState>
    {
        var length = _reduced.Inner.Length;
        Span<int> index = stackalloc int[Odometer.MostAxes];
        Span<int> places = stackalloc int[2];
        Span<TState> states = stackalloc TState[Lanes];
        var kept = _kept.Walk(index, places);
        do
        {
            states.Fill(TReduction.Seed);
            Accumulate<T, TState, TReduction>(x[places[0]..], length, states);
            for (var distance = 1; distance < Lanes; distance *= 2)
            {
                for (var i = 0; i < Lanes; i += 2 * distance) states[i] = TReduction.Combine(states[i], states[i + distance]);
            }

            d[places[1]] = TReduction.Result(states[0], _count);
        }
        while (kept.Next());
    }

    private void Accumulate<T, TState, TReduction>(ReadOnlySpan<T> x, int length, Span<TState> states)
        where T : unmanaged
        where TState : unmanaged
        where TReduction : IReduction<T, TState>
    {
        Span<int> index = stackalloc int[Odometer.MostAxes];
        Span<int> place = stackalloc int[1];
        var rows = _reduced.OuterWalk(index, place);
        do
        {
            var row = x.Slice(place[0], length);
            var (a, b, c, d) = (states[0], states[1], states[2], states[3]);
            var (e, f, g, h) = (states[4], states[5], states[6], states[7]);
            while (row.Length >= Lanes)
            {
                (a, b, c, d) = (TReduction.Add(a, row[0]), TReduction.Add(b, row[1]), TReduction.Add(c, row[2]), TReduction.Add(d, row[3]));
                (e, f, g, h) = (TReduction.Add(e, row[4]), TReduction.Add(f, row[5]), TReduction.Add(g, row[6]), TReduction.Add(h, row[7]));
                row = row[Lanes..];
            }

            foreach (var element in row) a = TReduction.Add(a, element);
            (states[0], states[1], states[2], states[3]) = (a, b, c, d);
            (states[4], states[5], states[6], states[7]) = (e, f, g, h);
        }
        while (rows.Next());
    }

    private void ColumnBlocks<T, TState, TReduction>(ReadOnlySpan<T> x, Span<T> d)
        where T : unmanaged
        where TState : unmanaged
        where TReduction : IReduction<T, TState>
    {
        var (length, resultStride) = _kept.Inner;
        Span<int> index = stackalloc int[Odometer.MostAxes];
        Span<int> places = stackalloc int[2];
        Span<TState> states = stackalloc TState[Math.Min(Columns, length)];
        var kept = _kept.OuterWalk(index, places);
        do
        {
            for (var start = 0; start < length; start += Columns)
            {
                var block = states[..Math.Min(Columns, length - start)];
                block.Fill(TReduction.Seed);
                AccumulateColumns<T, TState, TReduction>(x[(places[0] + start)..], block);
                for (var i = 0; i < block.Length; i++) d[places[1] + ((start + i) * resultStride)] = TReduction.Result(block[i], _count);
            }
        }
        while (kept.Next());
    }

    private void AccumulateColumns<T, TState, TReduction>(ReadOnlySpan<T> x, Span<TState> states)
        where T : unmanaged
        where TState : unmanaged
        where TReduction : IReduction<T, TState>
    {
        Span<int> index = stackalloc int[Odometer.MostAxes];
        Span<int> place = stackalloc int[1];
        var rows = _reduced.Walk(index, place);
        do
        {
            var row = x.Slice(place[0], states.Length);
            for (var i = 0; i < states.Length; i++) states[i] = TReduction.Add(states[i], row[i]);
        }
        while (rows.Next());
    }

    /// <summary>Sizes and strides of some axes, neighbours joined where they go on evenly; the last axis may be taken out as a row.</summary>
    private sealed class Box(int[] sizes, int[][] strides)
    {
        /// <summary>Length of the last axis, and its last operand's stride; 1 where there is no axis.</summary>
        public (int Length, int Stride) Inner => sizes.Length == 0 ? (1, 1) : (sizes[^1], strides[^1][^1]);

        public Odometer Walk(Span<int> index, Span<int> places) => Walk(sizes, index, places);

        /// <summary>A walk over all axes but the last.</summary>
        public Odometer OuterWalk(Span<int> index, Span<int> places) => Walk(sizes.AsSpan(0, Math.Max(0, sizes.Length - 1)), index, places);

        private Odometer Walk(ReadOnlySpan<int> axes, Span<int> index, Span<int> places)
        {
            index.Clear();
            places.Clear();
            return new Odometer(axes, strides, index, places);
        }
    }
}
