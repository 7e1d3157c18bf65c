using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>How the codes of a layer's input are multiplied by its packed weights: encodes the map once, then sums of some output positions at a time.</summary>
internal abstract class CodeProduct
{
    /// <summary>Positions whose sums should stay in the first cache until the epilogue has read them.</summary>
    protected const int BlockPositions = 192;

    // With fewer a tile reads its weights for too little.
    private const int LeastPositions = 16;

    /// <summary>A product.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="positions">Positions of a tile.</param>
    protected CodeProduct(ConvolutionGeometry geometry, int positions)
    {
        Geometry = geometry;
        PositionsOfTile = positions;
    }

    /// <summary>Sizes.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <summary>Positions of a tile; the last may have fewer.</summary>
    public int PositionsOfTile { get; }

    /// <summary>The limit of the machine that bounds it.</summary>
    public abstract ProductKernel Kernel { get; }

    /// <summary>The form in which codes may be handed over by the step before; null where they are made of the map itself.</summary>
    public virtual CodeForm? Form => null;

    /// <summary>No sum is larger, or below its negative: bytes times signed bytes, or differences of bits, counted twice.</summary>
    public long LargestSum => (long)Geometry.KernelHeight * Geometry.KernelWidth * (BitPacking.Words(Geometry.ChannelsPerGroup) * BitPacking.WordBits) * (byte.MaxValue * -sbyte.MinValue);

    /// <summary>Bytes that the tiles share.</summary>
    public abstract long SharedBytes { get; }

    /// <summary>Bytes of a worker beside the sums.</summary>
    public virtual long WorkerBytes => 0;

    /// <summary>Encodes the map.</summary>
    /// <param name="x">The map.</param>
    /// <param name="shared">Memory that the tiles share.</param>
    public abstract void Prepare(ReadOnlySpan<float> x, Span<byte> shared);

    /// <summary>Takes a map that has been encoded already.</summary>
    /// <param name="codes">Codes of the map, before any table.</param>
    /// <param name="shared">Memory that the tiles share.</param>
    public virtual void PrepareCodes(ReadOnlySpan<byte> codes, Span<byte> shared) => throw new NotSupportedException("bits are packed into words, not bytes");

    /// <summary>Takes a map that has been packed into words already.</summary>
    /// <param name="words">Words of each pixel, as <see cref="BitPacking"/> writes them.</param>
    /// <param name="shared">Memory that the tiles share.</param>
    public virtual void PrepareWords(ReadOnlySpan<uint> words, Span<byte> shared) => throw new NotSupportedException("codes of bytes are not packed into words");

    /// <summary>Sums of some positions.</summary>
    /// <param name="first">The first; a multiple of <see cref="PositionsOfTile"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="shared">What <see cref="Prepare"/> made.</param>
    /// <param name="worker">Memory of the worker.</param>
    /// <param name="sums">Takes the sums [position][output].</param>
    public abstract void Multiply(int first, int count, Span<byte> shared, Span<byte> worker, Span<int> sums);

    /// <summary>Whole lines of the output that make a good tile.</summary>
    /// <param name="g">Sizes.</param>
    /// <param name="positions">Most positions that it should have.</param>
    /// <returns>Positions of a tile.</returns>
    protected static int LinesOfTile(ConvolutionGeometry g, int positions = BlockPositions) => PositionTiles.Even(g.OutHeight, positions / g.OutWidth, Math.Max(1, LeastPositions / g.OutWidth)) * g.OutWidth;

    /// <summary>Positions of a tile where rows need not be whole lines.</summary>
    /// <param name="g">Sizes.</param>
    /// <returns>Positions of a tile.</returns>
    protected static int RowsOfTile(ConvolutionGeometry g) => PositionTiles.Even(g.Positions, BlockPositions, LeastPositions);
}
