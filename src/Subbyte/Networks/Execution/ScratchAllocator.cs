using System.Runtime.InteropServices;

namespace Subbyte.Networks.Execution;

/// <summary>Hands out aligned pieces of a node's scratch memory, in the order in which <see cref="Bytes{T}"/> summed them.</summary>
/// <param name="memory">The scratch memory.</param>
internal ref struct ScratchAllocator(Span<byte> memory)
{
    private const int Alignment = 64;

    private Span<byte> _rest = memory;

    /// <summary>Bytes that <paramref name="count"/> elements take, alignment included.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="count">Number of elements.</param>
    /// <returns>Bytes.</returns>
    public static long Bytes<T>(long count)
        where T : unmanaged
        => ((count * Marshal.SizeOf<T>()) + Alignment - 1) / Alignment * Alignment;

    /// <summary>Takes the next piece.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="count">Number of elements.</param>
    /// <returns>The elements; content arbitrary.</returns>
    public Span<T> Take<T>(int count)
        where T : unmanaged
    {
        var bytes = (int)Bytes<T>(count);
        var piece = MemoryMarshal.Cast<byte, T>(_rest[..bytes])[..count];
        _rest = _rest[bytes..];
        return piece;
    }
}
