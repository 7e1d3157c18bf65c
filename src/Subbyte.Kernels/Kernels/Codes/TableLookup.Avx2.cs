using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

public static partial class TableLookup
{
    /// <summary>Blocks of 32 codes; the result says how many codes that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int MapBlocks256(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> table, Span<byte> d)
    {
        var slices = stackalloc byte[ByteTable256.Length];
        ByteTable256.Prepare(table, slices);
        var count = codes.Length / Vector256<byte>.Count * Vector256<byte>.Count;
        fixed (byte* pc = codes, pd = d)
        {
            for (nint i = 0; i < count; i += Vector256<byte>.Count)
                ByteTable256.Lookup(slices, Vector256.Load(pc + i)).Store(pd + i);
        }
        return count;
    }
}
