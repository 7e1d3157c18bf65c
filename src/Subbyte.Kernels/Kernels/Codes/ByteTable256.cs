using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>
/// A table of 256 bytes for <c>vpshufb</c>, which looks 16 entries up by the low four bits and gives 0 where bit 7 is set: 16 slices, each
/// stored as its difference (exclusive or) to the slice before in its half. Subtracting 16 between slices turns bit 7 on once the code's
/// own slice is passed, so the differences up to that slice add up to its entry.
/// </summary>
internal static class ByteTable256
{
    /// <summary>Bytes that <see cref="Prepare"/> fills.</summary>
    public const int Length = 16 * 32;

    private const int SlicesOfHalf = 8;

    /// <summary>Writes the slices, each twice side by side.</summary>
    /// <param name="table">256 entries.</param>
    /// <param name="slices">Room for <see cref="Length"/> bytes.</param>
    public static unsafe void Prepare(ReadOnlySpan<byte> table, byte* slices)
    {
        for (var slice = 0; slice < 2 * SlicesOfHalf; slice++)
        {
            var entries = Vector128.Create(table.Slice(slice * 16, 16));
            if (slice % SlicesOfHalf != 0) entries ^= Vector128.Create(table.Slice((slice - 1) * 16, 16));
            entries.Store(slices + (slice * 32));
            entries.Store(slices + (slice * 32) + 16);
        }
    }

    /// <summary>Looks 32 codes up.</summary>
    /// <param name="slices">What <see cref="Prepare"/> wrote.</param>
    /// <param name="codes">Codes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<byte> Lookup(byte* slices, Vector256<byte> codes)
        => Half(slices, codes) ^ Half(slices + (SlicesOfHalf * 32), codes ^ Vector256.Create((byte)0x80));

    /// <summary>Entries of codes 0 to 127; others, being negative, stay so while 16 is subtracted with saturation, and give 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<byte> Half(byte* slices, Vector256<byte> codes)
    {
        var step = Vector256.Create((sbyte)16);
        var x1 = Avx2.SubtractSaturate(codes.AsSByte(), step);
        var x2 = Avx2.SubtractSaturate(x1, step);
        var x3 = Avx2.SubtractSaturate(x2, step);
        var x4 = Avx2.SubtractSaturate(x3, step);
        var x5 = Avx2.SubtractSaturate(x4, step);
        var x6 = Avx2.SubtractSaturate(x5, step);
        var x7 = Avx2.SubtractSaturate(x6, step);
        return Avx2.Shuffle(Vector256.Load(slices), codes) ^ Entry(slices, 1, x1) ^ Entry(slices, 2, x2) ^ Entry(slices, 3, x3)
            ^ Entry(slices, 4, x4) ^ Entry(slices, 5, x5) ^ Entry(slices, 6, x6) ^ Entry(slices, 7, x7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<byte> Entry(byte* slices, int slice, Vector256<sbyte> x) => Avx2.Shuffle(Vector256.Load(slices + (slice * 32)), x.AsByte());
}
