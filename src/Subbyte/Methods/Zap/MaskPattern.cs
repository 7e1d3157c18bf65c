using Subbyte.Prediction;

namespace Subbyte.Methods.Zap;

/// <summary>Which positions of a map are computed before anything is predicted (section 3A.2): tiles from the top left, the same for all channels.</summary>
public static class MaskPattern
{
    private static readonly string[][] Tiles =
    [
        ["000", "010", "000"],
        ["000", "010", "100"],
        ["00", "01"],
        ["001", "010", "100"],
        ["00101", "01010", "10100", "01001", "10010"],
        ["10", "01"],
        ["11010", "10101", "01011", "10110", "01101"],
        ["110", "101", "011"],
        ["11", "10"],
        ["111", "101", "011"],
        ["111", "101", "111"],
    ];

    /// <summary>The computed positions of a map.</summary>
    /// <param name="type">Pattern, 0 … 10.</param>
    /// <param name="shape">Sizes of the map.</param>
    /// <returns>True where a position is computed beforehand [height][width].</returns>
    public static bool[] Of(int type, MapShape shape)
    {
        var tile = Tiles[type];
        var computed = new bool[shape.Positions];
        for (var i = 0; i < computed.Length; i++) computed[i] = tile[i / shape.Width % tile.Length][i % shape.Width % tile.Length] == '1';
        return computed;
    }
}
