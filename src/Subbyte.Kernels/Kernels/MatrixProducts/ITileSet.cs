namespace Subbyte.Kernels;

/// <summary>
/// The register tiles of one matrix product on one instruction set. All products look alike to it: a step of <c>k</c> is a 32-bit lane of
/// <c>a</c> (a float, four bytes, two 16-bit codes), broadcast, against a cache line of 16 such lanes of weights, into 16 sums of 32 bits.
/// </summary>
internal interface ITileSet
{
    /// <summary>Most rows of a tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Panels of a tile with more than one row.</summary>
    static abstract int Panels { get; }

    /// <summary>Panels of a tile with one row, where only more panels hide the latency of the sums.</summary>
    static abstract int PanelsOfOneRow { get; }

    /// <summary>Multiplies one tile.</summary>
    /// <param name="rows">Number of rows, 1 to <see cref="Rows"/>.</param>
    /// <param name="panels">Number of panels, 1 to <see cref="Panels"/> or <see cref="PanelsOfOneRow"/>.</param>
    /// <param name="tile">Where the operands are.</param>
    static abstract void Run(int rows, int panels, ref Tile tile);
}
