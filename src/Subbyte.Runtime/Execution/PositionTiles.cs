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
}
