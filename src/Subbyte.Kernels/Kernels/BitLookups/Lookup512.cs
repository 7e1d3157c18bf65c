using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>Tables of 64 bytes in a register of 512 bits, for codes of six bits.</summary>
internal readonly unsafe struct Lookup512(Vector512<byte> value) : ILookupVector<Lookup512>
{
    private const int Shift = 6;

    private readonly Vector512<byte> _value = value;

    public static int Bits => 6;

    public static int Outputs => Vector512<byte>.Count;

    public static int Positions => 8;

    public static int Pixels => Vector512<ulong>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lookup512 Load(byte* bytes) => new(Vector512.Load(bytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Save(Lookup512 vector, byte* bytes) => vector._value.Store(bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lookup512 AddLookups(Lookup512 counts, Lookup512 table, Lookup512 indices) => new(counts._value + Avx512Vbmi.PermuteVar64x8(table._value, indices._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Widen(Lookup512 counts, ref Lookup512 even, ref Lookup512 odd)
    {
        even = new((even._value.AsUInt16() + (counts._value.AsUInt16() & Vector512.Create((ushort)byte.MaxValue))).AsByte());
        odd = new((odd._value.AsUInt16() + (counts._value.AsUInt16() >>> 8)).AsByte());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lookup512 even, Lookup512 odd, int factor, int constant, int* c, bool continues)
    {
        Vector512<short> low = Vector512.Create(factor & ushort.MaxValue).AsInt16(), high = Vector512.Create(factor << 16).AsInt16();
        Store(Avx512BW.MultiplyAddAdjacent(even._value.AsInt16(), low), constant, c, continues);
        Store(Avx512BW.MultiplyAddAdjacent(odd._value.AsInt16(), low), constant, c + Vector512<int>.Count, continues);
        Store(Avx512BW.MultiplyAddAdjacent(even._value.AsInt16(), high), constant, c + (2 * Vector512<int>.Count), continues);
        Store(Avx512BW.MultiplyAddAdjacent(odd._value.AsInt16(), high), constant, c + (3 * Vector512<int>.Count), continues);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Encode(in LookupUnit unit, int groups, ushort* offsets, nint pitch)
    {
        const ulong Code = (1 << Shift) - 1, Half = (1 << (Shift / 2)) - 1;
        var bits = Vector512.Create(unit.Bits(0), unit.Bits(1), unit.Bits(2), unit.Bits(3), unit.Bits(4), unit.Bits(5), unit.Bits(6), unit.Bits(7));
        if (unit.Planes == 1)
        {
            for (; groups > 0; groups--, offsets += pitch, bits >>>= Shift) Avx512F.ConvertToVector128UInt16((bits & Vector512.Create(Code)) << Shift).Store(offsets);
            return;
        }

        Vector512<ulong> mask = bits & Vector512.Create((ulong)uint.MaxValue), sign = (bits >>> 32) << (Shift / 2);
        for (; groups > 0; groups--, offsets += pitch, mask >>>= Shift / 2, sign >>>= Shift / 2)
            Avx512F.ConvertToVector128UInt16(((mask & Vector512.Create(Half)) | (sign & Vector512.Create(Half << (Shift / 2)))) << Shift).Store(offsets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<int> total, int constant, int* c, bool continues)
    {
        total += Vector512.Create(constant);
        (continues ? total + Vector512.Load(c) : total).Store(c);
    }
}
