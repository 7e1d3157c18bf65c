using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>Eight words of 32 bits; an adder is five operations.</summary>
internal readonly unsafe struct Bits256(Vector256<uint> value) : IBitVector<Bits256>
{
    private readonly Vector256<uint> _value = value;

    public static int Count => Vector256<uint>.Count;

    private static Vector256<byte> Table
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        // One constant in full: what is put together of smaller ones takes calls that the JIT does not fold.
        get => Vector256.Create(
            (byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits256 Load(uint* words) => new(Vector256.Load(words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits256 Broadcast(void* word) => new(Vector256.Create(*(uint*)word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits256 And(Bits256 x, Bits256 y) => new(x._value & y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits256 Xor(Bits256 x, Bits256 w) => new(x._value ^ w._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits256 Complement(Bits256 x) => new(~x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits256 HalfAdd(ref Bits256 sum, Bits256 x)
    {
        var carry = sum._value & x._value;
        sum = new(sum._value ^ x._value);
        return new(carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits256 Add(ref Bits256 sum, Bits256 x, Bits256 y)
    {
        var half = sum._value ^ x._value;
        var carry = (sum._value & x._value) | (half & y._value);
        sum = new(half ^ y._value);
        return new(carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits256 AddComplements(ref Bits256 sum, Bits256 x, Bits256 y)
    {
        // half is the complement of sum ^ ~x, so that no complement has to be made.
        var half = sum._value ^ x._value;
        var carry = Avx2.AndNot(x._value, sum._value) | Avx2.AndNot(half | y._value, Vector256<uint>.AllBitsSet);
        sum = new(half ^ y._value);
        return new(carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits256 AddDifferences(ref Bits256 sum, Bits256 x, Bits256 w, Bits256 nextX, Bits256 nextW)
        => Add(ref sum, new(x._value ^ w._value), new(nextX._value ^ nextW._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits256 Agreeing(Bits256 mask, Bits256 x, Bits256 w) => new(Avx2.AndNot(x._value ^ w._value, mask._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits256 AddCounts(Bits256 bytes, Bits256 x)
    {
        var nibble = Vector256.Create((byte)0x0F);
        var low = Avx2.Shuffle(Table, x._value.AsByte() & nibble);
        var high = Avx2.Shuffle(Table, (x._value.AsUInt16() >>> 4).AsByte() & nibble);
        return new((bytes._value.AsByte() + low + high).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits256 AddTwice(Bits256 x, Bits256 y) => new((x._value.AsByte() + y._value.AsByte() + y._value.AsByte()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(int* sums, bool continues, Bits256 low, Bits256 high, int weight, int factor, int constant)
    {
        var pairs = Avx2.MultiplyAddAdjacent(low._value.AsByte(), Vector256.Create((sbyte)factor)) + Avx2.MultiplyAddAdjacent(high._value.AsByte(), Vector256.Create((sbyte)(weight * factor)));
        var total = Avx2.MultiplyAddAdjacent(pairs, Vector256<short>.One) + Vector256.Create(constant);
        (continues ? total + Vector256.Load(sums) : total).Store(sums);
    }
}
