namespace Subbyte.Kernels;

/// <summary>Checks the spans of a matrix product before pointers are taken to them.</summary>
internal static class MatrixProductArguments
{
    /// <summary>Checks that rows of <c>a</c> and <c>c</c> lie inside their spans.</summary>
    /// <param name="aLength">Elements of <c>a</c>.</param>
    /// <param name="lda">Elements from one row of <c>a</c> to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="depth">Elements of a row of <c>a</c>.</param>
    /// <param name="readable">Elements read of each row of <c>a</c>, ≥ depth; those past it may be the next row's.</param>
    /// <param name="cLength">Elements of <c>c</c>.</param>
    /// <param name="ldc">Elements from one row of <c>c</c> to the next.</param>
    /// <param name="outputs">Elements written of each row of <c>c</c>.</param>
    /// <exception cref="ArgumentException">A row is longer than its stride or leaves its span.</exception>
    public static void Check(int aLength, int lda, int rows, int depth, int readable, int cLength, int ldc, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (rows == 0) return;
        CheckRows(aLength, lda, rows, depth, readable, "a");
        CheckRows(cLength, ldc, rows, outputs, outputs, "c");
    }

    /// <summary>Checks that rows lie inside their span.</summary>
    /// <param name="length">Elements of the span.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="elements">Elements of a row.</param>
    /// <param name="used">Elements read or written of each row; those past it may be the next row's.</param>
    /// <param name="name">What to call them.</param>
    /// <exception cref="ArgumentException">A row is longer than its stride or leaves its span.</exception>
    public static void CheckRows(int length, int stride, int rows, int elements, int used, string name)
    {
        if (rows > 1 && stride < elements)
            throw new ArgumentException($"rows of {elements} elements of '{name}' overlap: the stride is {stride}");
        if (((long)(rows - 1) * stride) + used > length)
            throw new ArgumentException($"'{name}' has {length} elements, {rows} rows of {used} with stride {stride} take {((long)(rows - 1) * stride) + used}");
    }
}
