using System.Numerics;
using System.Runtime.InteropServices;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>What is made for a .NET type of numbers.</summary>
/// <typeparam name="TResult">What is made.</typeparam>
internal interface INumberVisitor<out TResult>
{
    /// <summary>Makes it.</summary>
    /// <typeparam name="T">Type of the elements.</typeparam>
    /// <returns>What was made, or null where the type will not do.</returns>
    TResult? Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>What is made for a .NET type of integers.</summary>
/// <typeparam name="TResult">What is made.</typeparam>
internal interface IIntegerVisitor<out TResult>
{
    /// <summary>Makes it.</summary>
    /// <typeparam name="T">Type of the elements.</typeparam>
    /// <returns>What was made.</returns>
    TResult Visit<T>() where T : unmanaged, IBinaryInteger<T>;
}

/// <summary>From element types that are known at run time to code for their .NET types.</summary>
internal static class NumberTypes
{
    /// <summary>Visits the .NET type of an element type of at least eight bits that computes in itself.</summary>
    /// <typeparam name="TResult">What the visitor makes.</typeparam>
    /// <param name="type">The element type.</param>
    /// <param name="visitor">The visitor.</param>
    /// <returns>What it made; null for halves, Boolean and packed integers.</returns>
    public static TResult? Visit<TResult>(ElementType type, INumberVisitor<TResult> visitor)
        where TResult : class
        => type switch
        {
            ElementType.Float32 => visitor.Visit<float>(),
            ElementType.Float64 => visitor.Visit<double>(),
            ElementType.Int8 => visitor.Visit<sbyte>(),
            ElementType.UInt8 => visitor.Visit<byte>(),
            ElementType.Int16 => visitor.Visit<short>(),
            ElementType.UInt16 => visitor.Visit<ushort>(),
            ElementType.Int32 => visitor.Visit<int>(),
            ElementType.UInt32 => visitor.Visit<uint>(),
            ElementType.Int64 => visitor.Visit<long>(),
            ElementType.UInt64 => visitor.Visit<ulong>(),
            _ => null,
        };

    /// <summary>Visits the .NET type of an integer type of at least eight bits.</summary>
    /// <typeparam name="TResult">What the visitor makes.</typeparam>
    /// <param name="type">The element type.</param>
    /// <param name="visitor">The visitor.</param>
    /// <returns>What it made; null for other types.</returns>
    public static TResult? VisitInteger<TResult>(ElementType type, IIntegerVisitor<TResult> visitor)
        where TResult : class
        => type switch
        {
            ElementType.Int8 => visitor.Visit<sbyte>(),
            ElementType.UInt8 => visitor.Visit<byte>(),
            ElementType.Int16 => visitor.Visit<short>(),
            ElementType.UInt16 => visitor.Visit<ushort>(),
            ElementType.Int32 => visitor.Visit<int>(),
            ElementType.UInt32 => visitor.Visit<uint>(),
            ElementType.Int64 => visitor.Visit<long>(),
            ElementType.UInt64 => visitor.Visit<ulong>(),
            _ => null,
        };

    /// <summary>A tensor's elements as a .NET type of their width; Boolean elements are bytes.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="tensor">The tensor.</param>
    /// <returns>The elements.</returns>
    public static Span<T> Elements<T>(this Tensor tensor)
        where T : unmanaged
        => MemoryMarshal.Cast<byte, T>(tensor.Bytes.Span);
}
