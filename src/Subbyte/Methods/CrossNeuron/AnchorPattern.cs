namespace Subbyte.Methods.CrossNeuron;

/// <summary>Which positions of a window are always computed; the paper's is the diagonal, the others are ablations.</summary>
public enum AnchorPattern
{
    /// <summary>The main diagonal, from the top left.</summary>
    Diagonal,

    /// <summary>The other diagonal, from the top right.</summary>
    AntiDiagonal,

    /// <summary>The top left corner alone.</summary>
    Corner,

    /// <summary>Every second position, the top left one among them.</summary>
    Checkerboard,
}

/// <summary>Where the anchors of a window lie.</summary>
public static class AnchorPatterns
{
    /// <summary>Whether a position of a window is an anchor.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="row">Row in the window.</param>
    /// <param name="column">Column in the window.</param>
    /// <param name="columns">Columns of the window; those at the border have fewer.</param>
    /// <returns>True for positions that are always computed.</returns>
    public static bool Contains(this AnchorPattern pattern, int row, int column, int columns) => pattern switch
    {
        AnchorPattern.Diagonal => row == column,
        AnchorPattern.AntiDiagonal => row + column == columns - 1,
        AnchorPattern.Corner => row == 0 && column == 0,
        _ => (row + column) % 2 == 0,
    };
}
