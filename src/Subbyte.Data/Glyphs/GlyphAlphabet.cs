namespace Subbyte.Data.Glyphs;

/// <summary>
/// The characters as polylines on a grid of 5 columns and 7 rows. Many differ in one stroke only (8 and 6, E and F, H and A): that is what
/// a network of few bits loses first.
/// </summary>
internal static class GlyphAlphabet
{
    /// <summary>Number of characters.</summary>
    public const int Count = 16;

    /// <summary>Columns of the grid are 0 to this.</summary>
    public const int LastColumn = 4;

    /// <summary>Rows of the grid are 0 to this, from the top.</summary>
    public const int LastRow = 6;

    /// <summary>The characters by class. Points are column then row; a blank begins the next point, a bar the next polyline.</summary>
    private static readonly string[] Characters =
    [
        /* 0 */ "10 30 41 45 36 16 05 01 10",
        /* 1 */ "11 20 26|16 36",
        /* 2 */ "01 10 30 41 42 06 46",
        /* 3 */ "00 40 22 44 45 36 16 05",
        /* 4 */ "36 30 04 44",
        /* 5 */ "40 00 03 33 44 45 36 06",
        /* 6 */ "30 10 01 05 16 36 45 44 33 03",
        /* 7 */ "00 40 16",
        /* 8 */ "13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33",
        /* 9 */ "43 13 02 01 10 30 41 45 36 16",
        /* A */ "06 20 46|14 34",
        /* E */ "40 00 06 46|03 33",
        /* F */ "40 00 06|03 33",
        /* H */ "00 06|40 46|03 43",
        /* K */ "00 06|40 03 46",
        /* P */ "06 00 30 41 42 33 03",
    ];

    /// <summary>The polylines of a class.</summary>
    public static IReadOnlyList<(byte Column, byte Row)[][]> Strokes { get; } =
        [.. Characters.Select(character => character.Split('|').Select(polyline => polyline.Split(' ').Select(Point).ToArray()).ToArray())];

    private static (byte Column, byte Row) Point(string digits) => ((byte)(digits[0] - '0'), (byte)(digits[1] - '0'));
}
