using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Subbyte.Networks.Execution;

/// <summary>Memory that begins at a cache line, where vectors of 64 bytes are loaded and stored in one piece.</summary>
internal static class AlignedMemory
{
    private const int CacheLine = 64;

    /// <summary>Takes zeroed memory that never moves; the garbage collector frees it.</summary>
    /// <param name="bytes">Number of bytes.</param>
    /// <returns>The memory.</returns>
    public static unsafe Memory<byte> Take(long bytes)
    {
        var memory = GC.AllocateArray<byte>(checked((int)bytes + CacheLine), pinned: true);
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory));
        return memory.AsMemory((int)(-address & (CacheLine - 1)), (int)bytes);
    }
}
