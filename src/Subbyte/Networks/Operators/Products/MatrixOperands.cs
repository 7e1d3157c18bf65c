namespace Subbyte.Networks.Operators;

/// <summary>Whether the operands of a product lie transposed, and what is made of the product: <c>α·A·B + β·C</c>.</summary>
/// <param name="LeftTransposed">Whether the left operand lies as [depth, rows].</param>
/// <param name="RightTransposed">Whether the right operand lies as [columns, depth].</param>
/// <param name="Alpha">Factor of the product.</param>
/// <param name="Beta">Factor of the addend.</param>
/// <param name="AddendStrides">Elements of the addend from one row and from one column to the next; null where there is none.</param>
internal sealed record MatrixOperands(bool LeftTransposed, bool RightTransposed, float Alpha, float Beta, (int Row, int Column)? AddendStrides)
{
    /// <summary>Operands as they are, and their product.</summary>
    public static MatrixOperands Plain { get; } = new(false, false, 1, 1, null);

    /// <summary>Transposes a matrix.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="source">Elements [rows][columns].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="target">Takes [columns][rows].</param>
    public static void Transpose<T>(ReadOnlySpan<T> source, int rows, int columns, Span<T> target)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++) target[(column * rows) + row] = source[(row * columns) + column];
        }
    }
}
