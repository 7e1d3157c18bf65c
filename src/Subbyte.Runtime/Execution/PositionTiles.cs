using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>Tiles that are runs of output positions.</summary>
internal static class PositionTiles
{
    /// <summary>The elements of a tile.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="positions">Positions of a tile; the last may have fewer.</param>
    /// <param name="tile">Which tile.</param>
    /// <returns>Index of the first element, and how many.</returns>
    public static (int First, int Count) Elements(ConvolutionGeometry geometry, int positions, int tile)
        => (tile * positions * geometry.OutChannels, Math.Min(positions, geometry.Positions - (tile * positions)) * geometry.OutChannels);

    /// <summary>Units of tiles that differ little in size and are even in number, so that two threads share them well.</summary>
    /// <param name="units">Units in all.</param>
    /// <param name="most">Most units of a tile; at least one is taken.</param>
    /// <param name="least">Where tiles of fewer units would come of it, there is one tile.</param>
    /// <returns>Units of a tile.</returns>
    public static int Even(int units, int most, int least)
    {
        var tiles = (units + Math.Max(1, most) - 1) / Math.Max(1, most);
        if (tiles % 2 == 1 && units / (tiles + 1) >= least) tiles++;
        return Math.Max(1, (units + tiles - 1) / Math.Max(1, tiles));
    }
}
