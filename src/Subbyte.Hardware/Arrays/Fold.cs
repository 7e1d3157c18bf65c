namespace Subbyte.Hardware.Arrays;

/// <summary>Cutting a dimension into folds: as many elements as the array has rows or columns, what is left in the last one.</summary>
public static class Fold
{
    /// <summary>Number of folds.</summary>
    /// <param name="length">Length of the dimension, ≥ 1.</param>
    /// <param name="size">Elements of a fold, ≥ 1.</param>
    /// <returns>⌈length / size⌉.</returns>
    public static long Count(long length, long size) => ((length - 1) / size) + 1;

    /// <summary>Elements of a fold.</summary>
    /// <param name="length">Length of the dimension.</param>
    /// <param name="size">Elements of a full fold.</param>
    /// <param name="index">The fold, from 0.</param>
    /// <returns>The size, or what is left for the last fold.</returns>
    public static long Length(long length, long size, long index) => Math.Min(size, length - (index * size));
}
