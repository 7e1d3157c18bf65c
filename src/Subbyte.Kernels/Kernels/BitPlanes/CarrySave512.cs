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
        // A half sum says whether the carry is the second difference, which is the sum's complement then, or the old sum.
        var half = Avx512F.TernaryLogic(ones, Vector512.Create(*x), w0, A ^ B ^ C);
        var whole = Avx512F.TernaryLogic(half, Vector512.Create(x[1]), w1, A ^ B ^ C);
        var first = Avx512F.TernaryLogic(half, whole, ones, ((A & ~B) | (~A & C)) & 0xFF);
        half = Avx512F.TernaryLogic(whole, Vector512.Create(x[2]), w2, A ^ B ^ C);
        ones = Avx512F.TernaryLogic(half, Vector512.Create(x[3]), w3, A ^ B ^ C);
        var second = Avx512F.TernaryLogic(half, ones, whole, ((A & ~B) | (~A & C)) & 0xFF);
        return Add(ref twos, first, second);
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

    /// <summary>Writes or adds <c>factor · (low + 16 · high) + constant</c> to one 32-bit sum a byte, in the order of <see cref="PackedBitMatrix.Lanes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> low, Vector512<byte> high, int factor, int constant, int* sums, bool continues)
    {
        // A count and its carries as neighbours: one product adds them.
        var weights = Vector512.Create((short)((factor & 0xFF) | (factor << 12))).AsSByte();
        var first = Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackLow(low, high), weights);
        var second = Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackHigh(low, high), weights);
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
