namespace Subbyte.Hardware.Arrays;

/// <summary>
/// The order of an array's folds and what each of them moves. Output-stationary: positions outside, filters inside. Weight- and
/// input-stationary: columns outside and the dot product inside, so that partial sums stay in their SRAM where it holds them.
/// </summary>
/// <remarks>
/// Half of each SRAM holds what the folds in progress use, the other half takes in what the next ones need. A tile that the inner loop
/// goes on using is fetched once if it fits that half; an operand that every outer step uses again is fetched once if the whole of it fits.
/// </remarks>
/// <param name="shape">The product of one group.</param>
/// <param name="array">The array.</param>
/// <param name="dataflow">The dataflow.</param>
/// <param name="memory">The memories.</param>
internal sealed class FoldSchedule(MatrixShape shape, ArraySize array, Dataflow dataflow, ArrayMemory memory)
{
    private readonly bool _keepsOutputs = dataflow == Dataflow.OutputStationary;
    private readonly bool _keepsWeights = dataflow == Dataflow.WeightStationary;

    /// <summary>The product.</summary>
    public MatrixShape Shape => shape;

    /// <summary>Folds of the outer loop.</summary>
    public long Outer => Fold.Count(OuterLength, OuterSize);

    /// <summary>Folds of the inner loop.</summary>
    public long Inner => Fold.Count(InnerLength, InnerSize);

    /// <summary>Cycles of one fold without waiting.</summary>
    public long FoldCycles => SystolicCycles.OfFold(shape, array, dataflow);

    private long OuterLength => _keepsOutputs || !_keepsWeights ? shape.Positions : shape.Filters;

    private long OuterSize => _keepsOutputs ? array.Rows : array.Columns;

    private long InnerLength => _keepsOutputs ? shape.Filters : shape.Depth;

    private long InnerSize => _keepsOutputs ? array.Columns : array.Rows;

    /// <summary>Whether the tile that an outer step keeps fits its SRAM; it is used up in one fold where outputs do not stay.</summary>
    private bool HeldFits => _keepsOutputs && 2 * InputTileBytes(0, 0) <= memory.InputBytes;

    /// <summary>Whether the operand that every outer step goes over again fits its SRAM.</summary>
    private bool CycledFits => _keepsWeights
        ? 2 * Bytes(shape.InputElements, memory.InputBits) <= memory.InputBytes
        : 2 * Bytes(checked(shape.Filters * shape.Depth), memory.FilterBits) <= memory.FilterBytes;

    private bool SumsFit => _keepsOutputs || 2 * SumTileBytes(0, memory.SumBits) <= memory.OutputBytes;

    /// <summary>Elements of a tile's outer dimension.</summary>
    /// <param name="outer">Outer fold.</param>
    /// <returns>Its length.</returns>
    public long OuterTile(long outer) => Fold.Length(OuterLength, OuterSize, outer);

    /// <summary>Elements of a tile's inner dimension.</summary>
    /// <param name="inner">Inner fold.</param>
    /// <returns>Its length.</returns>
    public long InnerTile(long inner) => Fold.Length(InnerLength, InnerSize, inner);

    /// <summary>Bytes that a fold fetches from DRAM before it starts.</summary>
    /// <param name="outer">Outer fold.</param>
    /// <param name="inner">Inner fold.</param>
    /// <returns>Whole bytes.</returns>
    public long Fetch(long outer, long inner)
    {
        var (input, filter) = (InputTileBytes(outer, inner), FilterTileBytes(outer, inner));
        if (_keepsOutputs) return (inner == 0 || !HeldFits ? input : 0) + (outer == 0 || !CycledFits ? filter : 0);
        var (kept, cycled) = _keepsWeights ? (filter, input) : (input, filter);
        var sums = inner > 0 && !SumsFit ? SumTileBytes(outer, memory.SumBits) : 0;
        return checked(kept + (outer == 0 || !CycledFits ? cycled : 0) + sums);
    }

    /// <summary>Bytes that a fold leaves for DRAM.</summary>
    /// <param name="outer">Outer fold.</param>
    /// <param name="inner">Inner fold.</param>
    /// <returns>Whole bytes.</returns>
    public long Write(long outer, long inner)
    {
        if (_keepsOutputs) return Bytes(checked(OuterTile(outer) * InnerTile(inner)), memory.OutputBits);
        if (inner == Inner - 1) return SumTileBytes(outer, memory.OutputBits);
        return SumsFit ? 0 : SumTileBytes(outer, memory.SumBits);
    }

    private long InputTileBytes(long outer, long inner)
    {
        // Overlapping windows share elements, so a tile brings its share of the map, not of the patch matrix.
        double share = _keepsOutputs ? OuterTile(outer) / (double)shape.Positions
            : _keepsWeights ? InnerTile(inner) / (double)shape.Depth
            : OuterTile(outer) / (double)shape.Positions * InnerTile(inner) / shape.Depth;
        return Bytes((long)Math.Ceiling(shape.InputElements * share), memory.InputBits);
    }

    private long FilterTileBytes(long outer, long inner)
    {
        var elements = _keepsOutputs ? checked(InnerTile(inner) * shape.Depth)
            : _keepsWeights ? checked(OuterTile(outer) * InnerTile(inner))
            : checked(shape.Filters * InnerTile(inner));
        return Bytes(elements, memory.FilterBits);
    }

    private long SumTileBytes(long outer, double bits) => Bytes(checked((_keepsWeights ? shape.Positions : shape.Filters) * OuterTile(outer)), bits);

    private static long Bytes(long elements, double bits) => checked((long)Math.Ceiling(elements * bits / 8));
}
