using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>Carry-save adders and counts of 512 bits whose lane is a byte; an adder is two ternary operations.</summary>
internal static unsafe class CarrySave512
{
    // The truth tables of A, B and C: an expression over them is the control byte of the ternary operation.
    private const int A = 0xF0;
    private const int B = 0xCC;
    private const int C = 0xAA;

    /// <summary>Adds the bits of two vectors; what is carried out of each position comes back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Add(ref Vector512<byte> sum, Vector512<byte> x, Vector512<byte> y)
    {
        var carry = Avx512F.TernaryLogic(sum, x, y, (A & B) | (A & C) | (B & C));
        sum = Avx512F.TernaryLogic(sum, x, y, A ^ B ^ C);
        return carry;
    }

    /// <summary>Adds where the bits of two bytes differ from weights: four steps; the carries of weight four come back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> AddDifferences(ref Vector512<byte> ones, ref Vector512<byte> twos, byte* x, Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3)
    {
        // Not the fewest operations but the fewest instructions and the shortest chain: no operand has to be copied, and the sum waits for one operation a pair.
        Vector512<byte> first = Vector512.Create(*x) ^ w0, second = Vector512.Create(x[2]) ^ w2;
        var both = Avx512F.TernaryLogic(Vector512.Create(x[1]), first, w1, A ^ B ^ C);
        ones ^= both;
        first = Avx512F.TernaryLogic(first, both, ones, ((A & ~B) | (B & ~C)) & 0xFF);
        both = Avx512F.TernaryLogic(Vector512.Create(x[3]), second, w3, A ^ B ^ C);
        ones ^= both;
        second = Avx512F.TernaryLogic(second, both, ones, ((A & ~B) | (B & ~C)) & 0xFF);
        return Add(ref twos, first, second);
    }

    /// <summary>
    /// Adds four steps of ternary products plus one: a bit of weight 1 where the product is 0 and one of weight 2 where it is +1. What is carried out of the
    /// twos comes back, three vectors of weight four.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> AddProducts(ref Vector512<byte> ones, ref Vector512<byte> twos, byte* x, byte* w, out Vector512<byte> second, out Vector512<byte> third)
    {
        var carry = AddPair(ref ones, ref twos, x, w, out var first);
        third = Add(ref twos, carry, AddPair(ref ones, ref twos, x + 2, w + (4 * PackedBitMatrix.OutputsOfBlock), out second));
        return first;
    }

    /// <summary>Two steps; the carry of the ones comes back, that of the twos beside it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> AddPair(ref Vector512<byte> ones, ref Vector512<byte> twos, byte* x, byte* w, out Vector512<byte> fours)
    {
        const int Line = PackedBitMatrix.OutputsOfBlock;
        Vector512<byte> mask = Vector512.Create(*x) & Vector512.Load(w), nextMask = Vector512.Create(x[1]) & Vector512.Load(w + (2 * Line));
        var agreeing = Avx512F.TernaryLogic(Vector512.Create(x[sizeof(uint)]), mask, Vector512.Load(w + Line), ~(A ^ C) & B & 0xFF);
        fours = Add(ref twos, agreeing, Avx512F.TernaryLogic(Vector512.Create(x[sizeof(uint) + 1]), nextMask, Vector512.Load(w + (3 * Line)), ~(A ^ C) & B & 0xFF));
        // The sum of two complements is that of the masks.
        var carry = Avx512F.TernaryLogic(ones, mask, nextMask, ((A & ~B) | (A & ~C) | (~B & ~C)) & 0xFF);
        ones = Avx512F.TernaryLogic(ones, mask, nextMask, A ^ B ^ C);
        return carry;
    }

    /// <summary>Adds the population count of each byte to bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> AddCounts(Vector512<byte> bytes, Vector512<byte> x)
    {
        // One constant in full: what is put together of smaller ones takes calls that the JIT does not fold.
        var table = Vector512.Create(
            (byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
        var nibble = Vector512.Create((byte)0x0F);
        return bytes + Avx512BW.Shuffle(table, x & nibble) + Avx512BW.Shuffle(table, (x.AsUInt16() >>> 4).AsByte() & nibble);
    }

    /// <summary>Counts of the bits of weight 1, 2, 4 and 8 in each byte, weighted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Count(Vector512<byte> ones, Vector512<byte> twos, Vector512<byte> fours, Vector512<byte> eights)
    {
        var counts = AddCounts(default, eights);
        counts = AddCounts(counts + counts, fours);
        counts = AddCounts(counts + counts, twos);
        return AddCounts(counts + counts, ones);
    }

    /// <summary>Writes or adds <c>factor · (low + 16 · high)</c> to one 32-bit sum a byte, in the order of <see cref="PackedBitMatrix.Lanes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> low, Vector512<byte> high, int factor, int* sums, bool continues)
    {
        var weights = Weights(factor);
        Store(Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackLow(low, high), weights), Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackHigh(low, high), weights), 0, sums, continues);
    }

    /// <summary>Writes or adds <c>low + 16 · high + 32 · highest + constant</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> low, Vector512<byte> high, Vector512<byte> highest, int constant, int* sums, bool continues)
    {
        Vector512<sbyte> weights = Weights(1), twice = Weights(2);
        Store(
            Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackLow(low, high), weights) + Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackLow(default, highest), twice),
            Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackHigh(low, high), weights) + Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackHigh(default, highest), twice),
            constant,
            sums,
            continues);
    }

    /// <summary>A count and its carries of weight 16 as neighbours: one product adds them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<sbyte> Weights(int factor) => Vector512.Create((short)((factor & 0xFF) | (factor << 12))).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<short> first, Vector512<short> second, int constant, int* sums, bool continues)
    {
        Vector512<short> even = Vector512.Create(1).AsInt16(), odd = Vector512.Create(1 << 16).AsInt16();
        Store(Avx512BW.MultiplyAddAdjacent(first, even), constant, sums, continues);
        Store(Avx512BW.MultiplyAddAdjacent(first, odd), constant, sums + Panel.Width, continues);
        Store(Avx512BW.MultiplyAddAdjacent(second, even), constant, sums + (2 * Panel.Width), continues);
        Store(Avx512BW.MultiplyAddAdjacent(second, odd), constant, sums + (3 * Panel.Width), continues);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<int> total, int constant, int* sums, bool continues)
    {
        total += Vector512.Create(constant);
        (continues ? total + Vector512.Load(sums) : total).Store(sums);
    }
}
