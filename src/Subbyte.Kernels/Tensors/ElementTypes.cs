namespace Subbyte.Tensors;

/// <summary>Facts about element types.</summary>
public static class ElementTypes
{
    /// <summary>Width of one element in bits; 0 for <see cref="ElementType.Undefined"/>.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>1 to 64 bits; a Boolean takes 8.</returns>
    public static int BitWidth(this ElementType type) => type switch
    {
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 32,
        ElementType.Float64 or ElementType.Int64 or ElementType.UInt64 => 64,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 or ElementType.UInt16 => 16,
        ElementType.Int8 or ElementType.UInt8 or ElementType.Boolean => 8,
        ElementType.Int4 or ElementType.UInt4 => 4,
        ElementType.Int2 or ElementType.UInt2 => 2,
        _ => 0,
    };

    /// <summary>Whether the type holds floating-point numbers.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>True for binary16, bfloat16, binary32 and binary64.</returns>
    public static bool IsFloatingPoint(this ElementType type) => type is ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64;

    /// <summary>The smallest and the largest value of an integer type.</summary>
    /// <param name="type">An integer type of at most 64 signed or 32 unsigned bits, or Boolean.</param>
    /// <returns>Both ends, included.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The type is another one.</exception>
    public static (long Lowest, long Highest) IntegerRange(this ElementType type) => type switch
    {
        ElementType.Boolean => (0, 1),
        ElementType.Int64 => (long.MinValue, long.MaxValue),
        ElementType.Int2 or ElementType.Int4 or ElementType.Int8 or ElementType.Int16 or ElementType.Int32 => (-(1L << (type.BitWidth() - 1)), (1L << (type.BitWidth() - 1)) - 1),
        ElementType.UInt2 or ElementType.UInt4 or ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 => (0, (1L << type.BitWidth()) - 1),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "an integer type of at most 64 bits is needed"),
    };

    /// <summary>Bytes that <paramref name="elements"/> packed elements take.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="elements">Number of elements.</param>
    /// <returns>The number of bytes, rounded up.</returns>
    public static long ByteLength(this ElementType type, long elements) => checked((elements * type.BitWidth()) + 7) / 8;

    /// <summary>The element type that a .NET type stores.</summary>
    /// <typeparam name="T">An unmanaged element type of at least eight bits.</typeparam>
    /// <returns>The element type.</returns>
    /// <exception cref="NotSupportedException">No element type is stored as <typeparamref name="T"/>.</exception>
    public static ElementType Of<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return ElementType.Float32;
        if (typeof(T) == typeof(double)) return ElementType.Float64;
        if (typeof(T) == typeof(byte)) return ElementType.UInt8;
        if (typeof(T) == typeof(sbyte)) return ElementType.Int8;
        if (typeof(T) == typeof(short)) return ElementType.Int16;
        if (typeof(T) == typeof(ushort)) return ElementType.UInt16;
        if (typeof(T) == typeof(int)) return ElementType.Int32;
        if (typeof(T) == typeof(uint)) return ElementType.UInt32;
        if (typeof(T) == typeof(long)) return ElementType.Int64;
        if (typeof(T) == typeof(ulong)) return ElementType.UInt64;
        if (typeof(T) == typeof(bool)) return ElementType.Boolean;
        if (typeof(T) == typeof(Half)) return ElementType.Float16;
        throw new NotSupportedException($"{typeof(T).Name} is not the storage of a tensor element.");
    }

    /// <summary>Number of elements of a shape.</summary>
    /// <param name="dimensions">Dimensions, each ≥ 0; none for a scalar.</param>
    /// <returns>Their product, 1 for a scalar.</returns>
    /// <exception cref="OverflowException">The product does not fit 63 bits.</exception>
    public static long ElementCount(ReadOnlySpan<int> dimensions)
    {
        long count = 1;
        foreach (var dimension in dimensions) count = checked(count * dimension);
        return count;
    }
}
