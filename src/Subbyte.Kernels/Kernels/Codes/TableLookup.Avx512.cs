using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class TableLookup
{
    /// <summary>Blocks of 64 codes; the result says how many codes that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int MapBlocks512(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> table, Span<byte> d)
    {
        var count = codes.Length / Vector512<byte>.Count * Vector512<byte>.Count;
        fixed (byte* pc = codes, pd = d, pt = table)
        {
            var entries = new ByteTable512(pt);
            for (nint i = 0; i < count; i += Vector512<byte>.Count)
                entries.Lookup(Vector512.Load(pc + i)).Store(pd + i);
        }
        return count;
    }

    /// <summary>The low and the high bytes of a 16-bit table apart, then interleaved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int MapBlocks512(ReadOnlySpan<byte> codes, ReadOnlySpan<short> table, Span<short> d)
    {
        byte* low = stackalloc byte[256], high = stackalloc byte[256];
        for (var i = 0; i < 256; i++)
        {
            low[i] = (byte)table[i];
            high[i] = (byte)(table[i] >> 8);
        }
        ByteTable512 lowEntries = new(low), highEntries = new(high);
        var count = codes.Length / Vector512<byte>.Count * Vector512<byte>.Count;
        // Unpacking works within 128-bit lanes: each lane's codes are first brought to where its two results are stored.
        var order = Vector512.Create(0L, 4, 1, 5, 2, 6, 3, 7);
        fixed (byte* pc = codes)
        fixed (short* pd = d)
        {
            for (nint i = 0; i < count; i += Vector512<byte>.Count)
            {
                var x = Avx512F.PermuteVar8x64(Vector512.Load(pc + i).AsInt64(), order).AsByte();
                Vector512<byte> l = lowEntries.Lookup(x), h = highEntries.Lookup(x);
                Avx512BW.UnpackLow(l, h).AsInt16().Store(pd + i);
                Avx512BW.UnpackHigh(l, h).AsInt16().Store(pd + i + Vector512<short>.Count);
            }
        }
        return count;
    }
}
