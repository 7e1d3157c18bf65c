using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>Tables of 16 bytes, twice in a register of 256 bits, for codes of four bits.</summary>
internal readonly unsafe struct Lookup256(Vector256<byte> value) : ILookupVector<Lookup256>
{
    private const int BitsOfCode = 4;
    private const int Shift = 5;

    private readonly Vector256<byte> _value = value;

    public static int Bits => BitsOfCode;

    public static int Outputs => Vector256<byte>.Count;

    public static int Positions => 4;

    public static int Pixels => Vector256<ulong>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lookup256 Load(byte* bytes) => new(Vector256.Load(bytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Save(Lookup256 vector, byte* bytes) => vector._value.Store(bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lookup256 AddLookups(Lookup256 counts, Lookup256 table, Lookup256 indices) => new(counts._value + Avx2.Shuffle(table._value, indices._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Widen(Lookup256 counts, ref Lookup256 even, ref Lookup256 odd)
    {
        even = new((even._value.AsUInt16() + (counts._value.AsUInt16() & Vector256.Create((ushort)byte.MaxValue))).AsByte());
        odd = new((odd._value.AsUInt16() + (counts._value.AsUInt16() >>> 8)).AsByte());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lookup256 even, Lookup256 odd, int factor, int constant, int* c, bool continues)
    {
        Vector256<short> low = Vector256.Create(factor & ushort.MaxValue).AsInt16(), high = Vector256.Create(factor << 16).AsInt16();
        Store(Avx2.MultiplyAddAdjacent(even._value.AsInt16(), low), constant, c, continues);
        Store(Avx2.MultiplyAddAdjacent(odd._value.AsInt16(), low), constant, c + Vector256<int>.Count, continues);
        Store(Avx2.MultiplyAddAdjacent(even._value.AsInt16(), high), constant, c + (2 * Vector256<int>.Count), continues);
        Store(Avx2.MultiplyAddAdjacent(odd._value.AsInt16(), high), constant, c + (3 * Vector256<int>.Count), continues);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Encode(in LookupUnit unit, int groups, ushort* offsets, nint pitch)
    {
        const ulong Code = (1 << BitsOfCode) - 1, Half = (1 << (BitsOfCode / 2)) - 1;
        var bits = Vector256.Create(unit.Bits(0), unit.Bits(1), unit.Bits(2), unit.Bits(3));
        if (unit.Planes == 1)
        {
            for (; groups > 0; groups--, offsets += pitch, bits >>>= BitsOfCode) Store(bits & Vector256.Create(Code), offsets);
            return;
        }

        Vector256<ulong> mask = bits & Vector256.Create((ulong)uint.MaxValue), sign = (bits >>> 32) << (BitsOfCode / 2);
        for (; groups > 0; groups--, offsets += pitch, mask >>>= BitsOfCode / 2, sign >>>= BitsOfCode / 2)
            Store((mask & Vector256.Create(Half)) | (sign & Vector256.Create(Half << (BitsOfCode / 2))), offsets);
    }

    /// <summary>Codes become offsets of tables, side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<ulong> codes, ushort* offsets)
    {
        var words = (codes << Shift).AsUInt16();
        var pairs = Avx2.Shuffle(words.AsByte(), Vector256.Create(0x0908_0100, 0, 0, 0, 0x0908_0100, 0, 0, 0).AsByte()).AsUInt32();
        *(ulong*)offsets = pairs[0] | ((ulong)pairs[4] << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> total, int constant, int* c, bool continues)
    {
        total += Vector256.Create(constant);
        (continues ? total + Vector256.Load(c) : total).Store(c);
    }
}
