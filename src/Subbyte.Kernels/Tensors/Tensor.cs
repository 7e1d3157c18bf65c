using System.Runtime.InteropServices;

namespace Subbyte.Tensors;

/// <summary>
/// A dense tensor: element type, dimensions and the bytes of its elements, row-major in the order of its dimensions, little-endian.
/// It may own its bytes or be a view into an arena; it is not resizable and not thread-safe for writing.
/// </summary>
/// <remarks>
/// The bytes are those of ONNX's <c>raw_data</c>, so constants go from file to kernel unchanged. Elements below eight bits are packed
/// (see <see cref="ElementType"/>) and are read through <see cref="Bytes"/>.
/// </remarks>
public sealed class Tensor
{
    private readonly int[] _dimensions;

    /// <summary>A tensor over existing bytes.</summary>
    /// <param name="elementType">Element type.</param>
    /// <param name="dimensions">Dimensions, each ≥ 0.</param>
    /// <param name="bytes">Exactly the bytes of the elements.</param>
    /// <exception cref="ArgumentException">The number of bytes is not that of the shape.</exception>
    public Tensor(ElementType elementType, ReadOnlySpan<int> dimensions, Memory<byte> bytes)
    {
        var count = ElementTypes.ElementCount(dimensions);
        if (elementType.ByteLength(count) != bytes.Length)
            throw new ArgumentException($"a {elementType} tensor of shape [{string.Join(",", dimensions.ToArray())}] takes {elementType.ByteLength(count)} bytes, not {bytes.Length}", nameof(bytes));
        ElementType = elementType;
        _dimensions = dimensions.ToArray();
        Bytes = bytes;
        Length = checked((int)count);
    }

    /// <summary>Element type.</summary>
    public ElementType ElementType { get; }

    /// <summary>Dimensions; empty for a scalar.</summary>
    public ReadOnlySpan<int> Dimensions => _dimensions;

    /// <summary>Number of dimensions.</summary>
    public int Rank => _dimensions.Length;

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>The bytes of the elements.</summary>
    public Memory<byte> Bytes { get; }

    /// <summary>A new tensor of zeros.</summary>
    /// <param name="elementType">Element type.</param>
    /// <param name="dimensions">Dimensions, each ≥ 0.</param>
    /// <returns>The tensor.</returns>
    public static Tensor Zeros(ElementType elementType, params ReadOnlySpan<int> dimensions)
        => new(elementType, dimensions, new byte[elementType.ByteLength(ElementTypes.ElementCount(dimensions))]);

    /// <summary>A new tensor that copies <paramref name="values"/>.</summary>
    /// <typeparam name="T">Element type, at least eight bits.</typeparam>
    /// <param name="values">Elements in row-major order.</param>
    /// <param name="dimensions">Dimensions; none gives a vector of all values.</param>
    /// <returns>The tensor.</returns>
    public static Tensor Of<T>(ReadOnlySpan<T> values, params ReadOnlySpan<int> dimensions)
        where T : unmanaged
        => new(ElementTypes.Of<T>(), dimensions.IsEmpty ? [values.Length] : dimensions, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A new scalar.</summary>
    /// <typeparam name="T">Element type, at least eight bits.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>The tensor of rank 0.</returns>
    public static Tensor Scalar<T>(T value)
        where T : unmanaged
        => new(ElementTypes.Of<T>(), [], MemoryMarshal.AsBytes<T>([value]).ToArray());

    /// <summary>The elements as a span.</summary>
    /// <typeparam name="T">The .NET type of the elements; it must match <see cref="ElementType"/>.</typeparam>
    /// <returns>The elements in row-major order.</returns>
    /// <exception cref="InvalidOperationException">The tensor has another element type.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        if (ElementTypes.Of<T>() != ElementType)
            throw new InvalidOperationException($"the tensor holds {ElementType}, not {typeof(T).Name}");
        return MemoryMarshal.Cast<byte, T>(Bytes.Span);
    }

    /// <summary>The same bytes under another shape of as many elements.</summary>
    /// <param name="dimensions">The new dimensions.</param>
    /// <returns>A view.</returns>
    public Tensor Reshaped(params ReadOnlySpan<int> dimensions) => new(ElementType, dimensions, Bytes);

    /// <summary>Element type and shape, such as <c>Float32[1,3,32,32]</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{ElementType}[{string.Join(",", _dimensions)}]";
}
