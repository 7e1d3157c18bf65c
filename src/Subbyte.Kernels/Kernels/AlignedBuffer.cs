using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Subbyte.Kernels;

/// <summary>A zeroed block of memory that starts on a cache line (64 bytes) and never moves; the garbage collector frees it.</summary>
/// <typeparam name="T">Element type.</typeparam>
internal sealed class AlignedBuffer<T> where T : unmanaged
{
    private const int CacheLine = 64;
    private readonly T[] _memory;
    private readonly int _start;

    /// <summary>Takes room for <paramref name="length"/> zeros.</summary>
    /// <param name="length">Number of elements.</param>
    public unsafe AlignedBuffer(int length)
    {
        Length = length;
        _memory = GC.AllocateArray<T>(checked(length + (CacheLine / sizeof(T))), pinned: true);
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        _start = (int)((-address & (CacheLine - 1)) / sizeof(T));
    }

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>The elements.</summary>
    public Span<T> Span => _memory.AsSpan(_start, Length);
}
