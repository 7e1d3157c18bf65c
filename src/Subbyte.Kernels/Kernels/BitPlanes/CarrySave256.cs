using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>Carry-save adders and counts of 256 bits whose lane is a byte; an adder is five operations.</summary>
internal static unsafe class CarrySave256
{
    /// <summary>Adds the bits of two vectors; what is carried out of each position comes back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Add(ref Vector256<byte> sum, Vector256<byte> x, Vector256<byte> y)
    {
        var half = sum ^ x;
        var carry = (sum & x) | (half & y);
        sum = half ^ y;
        return carry;
    }

    /// <summary>Adds where the bits of two bytes differ from weights, a line of weights apart: four steps; the carries of weight four come back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddDifferences(ref Vector256<byte> ones, ref Vector256<byte> twos, byte* x, byte* w)
    {
        var first = Add(ref ones, Difference(x, w), Difference(x + 1, w + PackedBitMatrix.OutputsOfBlock));
        var second = Add(ref ones, Difference(x + 2, w + (2 * PackedBitMatrix.OutputsOfBlock)), Difference(x + 3, w + (3 * PackedBitMatrix.OutputsOfBlock)));
        return Add(ref twos, first, second);
    }

    /// <summary>As <see cref="CarrySave512.AddProducts"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddProducts(ref Vector256<byte> ones, ref Vector256<byte> twos, byte* x, byte* w, out Vector256<byte> second, out Vector256<byte> third)
    {
        var carry = AddPair(ref ones, ref twos, x, w, out var first);
        third = Add(ref twos, carry, AddPair(ref ones, ref twos, x + 2, w + (4 * PackedBitMatrix.OutputsOfBlock), out second));
        return first;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> AddPair(ref Vector256<byte> ones, ref Vector256<byte> twos, byte* x, byte* w, out Vector256<byte> fours)
    {
        const int Line = PackedBitMatrix.OutputsOfBlock;
        Vector256<byte> mask = Vector256.Create(*x) & Vector256.Load(w), nextMask = Vector256.Create(x[1]) & Vector256.Load(w + (2 * Line));
        fours = Add(ref twos, Avx2.AndNot(Difference(x + sizeof(uint), w + Line), mask), Avx2.AndNot(Difference(x + sizeof(uint) + 1, w + (3 * Line)), nextMask));
        // half is the complement of ones ^ ~mask, so that no complement has to be made.
        var half = ones ^ mask;
        var carry = Avx2.AndNot(mask, ones) | Avx2.AndNot(half | nextMask, Vector256<byte>.AllBitsSet);
        ones = half ^ nextMask;
        return carry;
    }

    /// <summary>Adds the population count of each byte to bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddCounts(Vector256<byte> bytes, Vector256<byte> x)
    {
        // One constant in full: what is put together of smaller ones takes calls that the JIT does not fold.
        var table = Vector256.Create(
            (byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
        var nibble = Vector256.Create((byte)0x0F);
        return bytes + Avx2.Shuffle(table, x & nibble) + Avx2.Shuffle(table, (x.AsUInt16() >>> 4).AsByte() & nibble);
    }

    /// <summary>Counts of the bits of weight 1, 2, 4 and 8 in each byte, weighted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Count(Vector256<byte> ones, Vector256<byte> twos, Vector256<byte> fours, Vector256<byte> eights)
    {
        var counts = AddCounts(default, eights);
        counts = AddCounts(counts + counts, fours);
        counts = AddCounts(counts + counts, twos);
        return AddCounts(counts + counts, ones);
    }

    /// <summary>Writes or adds <c>factor · (low + 16 · high)</c> to one 32-bit sum a byte, in the order of <see cref="PackedBitMatrix.Lanes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> low, Vector256<byte> high, int factor, int* sums, bool continues)
    {
        var weights = Weights(factor);
        Store(Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(low, high), weights), Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(low, high), weights), 0, sums, continues);
    }

    /// <summary>Writes or adds <c>low + 16 · high + 32 · highest + constant</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> low, Vector256<byte> high, Vector256<byte> highest, int constant, int* sums, bool continues)
    {
        Vector256<sbyte> weights = Weights(1), twice = Weights(2);
        Store(
            Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(low, high), weights) + Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(default, highest), twice),
            Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(low, high), weights) + Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(default, highest), twice),
            constant,
            sums,
            continues);
    }

    /// <summary>A count and its carries of weight 16 as neighbours: one product adds them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> Weights(int factor) => Vector256.Create((short)((factor & 0xFF) | (factor << 12))).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<short> first, Vector256<short> second, int constant, int* sums, bool continues)
    {
        Vector256<short> even = Vector256.Create(1).AsInt16(), odd = Vector256.Create(1 << 16).AsInt16();
        Store(Avx2.MultiplyAddAdjacent(first, even), constant, sums, continues);
        Store(Avx2.MultiplyAddAdjacent(first, odd), constant, sums + Panel.Width, continues);
        Store(Avx2.MultiplyAddAdjacent(second, even), constant, sums + (2 * Panel.Width), continues);
        Store(Avx2.MultiplyAddAdjacent(second, odd), constant, sums + (3 * Panel.Width), continues);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> total, int constant, int* sums, bool continues)
    {
        total += Vector256.Create(constant);
        (continues ? total + Vector256.Load(sums) : total).Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Difference(byte* x, byte* w) => Vector256.Create(*x) ^ Vector256.Load(w);
}
