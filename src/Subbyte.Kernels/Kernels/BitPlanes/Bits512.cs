using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>Sixteen words of 32 bits; an adder is two ternary operations.</summary>
internal readonly unsafe struct Bits512(Vector512<uint> value) : IBitVector<Bits512>
{
    // The truth tables of A, B and C: an expression over them is the control byte of the ternary operation.
    private const int A = 0xF0;
    private const int B = 0xCC;
    private const int C = 0xAA;

    private readonly Vector512<uint> _value = value;

    public static int Count => Vector512<uint>.Count;

    private static Vector512<byte> Table
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        // One constant in full: what is put together of smaller ones takes calls that the JIT does not fold.
        get => Vector512.Create(
            (byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits512 Load(uint* words) => new(Vector512.Load(words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits512 Broadcast(void* word) => new(Vector512.Create(*(uint*)word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits512 And(Bits512 x, Bits512 y) => new(x._value & y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits512 Xor(Bits512 x, Bits512 w) => new(x._value ^ w._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits512 Complement(Bits512 x) => new(~x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits512 HalfAdd(ref Bits512 sum, Bits512 x)
    {
        var carry = sum._value & x._value;
        sum = new(sum._value ^ x._value);
        return new(carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits512 Add(ref Bits512 sum, Bits512 x, Bits512 y)
    {
        var carry = Avx512F.TernaryLogic(sum._value, x._value, y._value, (A & B) | (A & C) | (B & C));
        sum = new(Avx512F.TernaryLogic(sum._value, x._value, y._value, A ^ B ^ C));
        return new(carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits512 AddComplements(ref Bits512 sum, Bits512 x, Bits512 y)
    {
        var carry = Avx512F.TernaryLogic(sum._value, x._value, y._value, ((A & ~B) | (A & ~C) | (~B & ~C)) & 0xFF);
        sum = new(Avx512F.TernaryLogic(sum._value, x._value, y._value, A ^ B ^ C));
        return new(carry);
    }

    /// <summary>Three operations for two words: a half sum says whether the carry is the second difference, which is the sum's complement then, or the old sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits512 AddDifferences(ref Bits512 sum, Bits512 x, Bits512 w, Bits512 nextX, Bits512 nextW)
    {
        var half = Avx512F.TernaryLogic(sum._value, x._value, w._value, A ^ B ^ C);
        var whole = Avx512F.TernaryLogic(half, nextX._value, nextW._value, A ^ B ^ C);
        var carry = Avx512F.TernaryLogic(half, whole, sum._value, ((A & ~B) | (~A & C)) & 0xFF);
        sum = new(whole);
        return new(carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits512 Agreeing(Bits512 mask, Bits512 x, Bits512 w) => new(Avx512F.TernaryLogic(mask._value, x._value, w._value, A & ~(B ^ C) & 0xFF));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits512 AddCounts(Bits512 bytes, Bits512 x)
    {
        var nibble = Vector512.Create((byte)0x0F);
        var low = Avx512BW.Shuffle(Table, x._value.AsByte() & nibble);
        var high = Avx512BW.Shuffle(Table, (x._value.AsUInt16() >>> 4).AsByte() & nibble);
        return new((bytes._value.AsByte() + low + high).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits512 AddTwice(Bits512 x, Bits512 y) => new((x._value.AsByte() + y._value.AsByte() + y._value.AsByte()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(int* sums, bool continues, Bits512 low, Bits512 high, int weight, int factor, int constant)
    {
        var pairs = Avx512BW.MultiplyAddAdjacent(low._value.AsByte(), Vector512.Create((sbyte)factor)) + Avx512BW.MultiplyAddAdjacent(high._value.AsByte(), Vector512.Create((sbyte)(weight * factor)));
        var total = Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One) + Vector512.Create(constant);
        (continues ? total + Vector512.Load(sums) : total).Store(sums);
    }
}
