using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>Vectors of bytes of packed weights, and what a row of activations needs to do with them.</summary>
/// <typeparam name="TSelf">The vector.</typeparam>
internal unsafe interface ILowBits<TSelf> where TSelf : struct, ILowBits<TSelf>
{
    /// <summary>Bytes.</summary>
    static abstract int Count { get; }

    /// <summary>Loads bytes.</summary>
    static abstract TSelf Load(byte* bytes);

    /// <summary>Four bytes in every lane of 32 bits.</summary>
    static abstract TSelf Broadcast(byte* four);

    /// <summary>The bits of <paramref name="mask"/> in every byte.</summary>
    static abstract TSelf And(TSelf x, byte mask);

    /// <summary>The upper four bits of every byte in place of the lower ones; the bits above are arbitrary.</summary>
    static abstract TSelf Upper(TSelf x);

    /// <summary>Adds the products of unsigned bytes and small codes, two by two, to sums of 16 bits.</summary>
    static abstract TSelf AddProducts(TSelf sums, TSelf a, TSelf codes);

    /// <summary>Adds sums of 16 bits, two by two, to sums of 32 bits.</summary>
    static abstract TSelf AddPairs(TSelf sums, TSelf pairs);

    /// <summary>Stores 32-bit sums x + y / 4.</summary>
    static abstract void Store(TSelf x, TSelf y, int* sums);
}

/// <summary>One row of activations against two panels of packed weights.</summary>
/// <typeparam name="T">The vectors.</typeparam>
internal static unsafe class LowBitRow<T> where T : struct, ILowBits<T>
{
    private const int LineBytes = Panel.Width * PackedInt8Matrix.Step;

    // Memory is asked for a page ahead: the machine's own prefetching ends at pages. What lies behind a panel is the next one.
    private const int Ahead = 4096;

    /// <summary>Weights of two bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunTwo(byte* a, byte* w, nint next, PackedLowBitMatrix matrix, int* sums)
    {
        // The second code of a nibble is taken where it stands, four times too large; a sum of 16 bits holds so many products of it.
        nint block = Math.Max(1, short.MaxValue / (2 * byte.MaxValue * 4 * Math.Max(1, matrix.LargestCode)) / 2), groups = matrix.Groups;
        for (nint part = 0; part < LineBytes; part += T.Count, sums += T.Count / sizeof(int))
        {
            T x0 = default, y0 = default, x1 = default, y1 = default;
            byte* pa = a, pw = w + part;
            for (var left = groups; left > 0; left -= block)
            {
                T p0 = default, q0 = default, p1 = default, q1 = default;
                for (var end = pw + (Math.Min(left, block) * LineBytes); pw < end; pw += LineBytes, pa += 16)
                {
                    Sse.Prefetch0(pw + Ahead);
                    Sse.Prefetch0(pw + next + Ahead);
                    T v0 = T.Load(pw), v1 = T.Load(pw + next), u0 = T.Upper(v0), u1 = T.Upper(v1);
                    T a0 = T.Broadcast(pa), a1 = T.Broadcast(pa + 4), a2 = T.Broadcast(pa + 8), a3 = T.Broadcast(pa + 12);
                    p0 = T.AddProducts(T.AddProducts(p0, a0, T.And(v0, 0x03)), a2, T.And(u0, 0x03));
                    q0 = T.AddProducts(T.AddProducts(q0, a1, T.And(v0, 0x0C)), a3, T.And(u0, 0x0C));
                    p1 = T.AddProducts(T.AddProducts(p1, a0, T.And(v1, 0x03)), a2, T.And(u1, 0x03));
                    q1 = T.AddProducts(T.AddProducts(q1, a1, T.And(v1, 0x0C)), a3, T.And(u1, 0x0C));
                }

                x0 = T.AddPairs(x0, p0);
                y0 = T.AddPairs(y0, q0);
                x1 = T.AddPairs(x1, p1);
                y1 = T.AddPairs(y1, q1);
            }

            T.Store(x0, y0, sums);
            T.Store(x1, y1, sums + Panel.Width);
        }
    }

    /// <summary>Weights of four bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunFour(byte* a, byte* w, nint next, PackedLowBitMatrix matrix, int* sums)
    {
        nint block = Math.Max(1, short.MaxValue / (2 * byte.MaxValue * Math.Max(1, matrix.LargestCode)) / 2), groups = matrix.Groups;
        for (nint part = 0; part < LineBytes; part += T.Count, sums += T.Count / sizeof(int))
        {
            T x0 = default, x1 = default;
            byte* pa = a, pw = w + part;
            for (var left = groups; left > 0; left -= block)
            {
                T p0 = default, p1 = default;
                for (var end = pw + (Math.Min(left, block) * LineBytes); pw < end; pw += LineBytes, pa += 8)
                {
                    Sse.Prefetch0(pw + Ahead);
                    Sse.Prefetch0(pw + next + Ahead);
                    T v0 = T.Load(pw), v1 = T.Load(pw + next), a0 = T.Broadcast(pa), a1 = T.Broadcast(pa + 4);
                    p0 = T.AddProducts(T.AddProducts(p0, a0, T.And(v0, 0x0F)), a1, T.And(T.Upper(v0), 0x0F));
                    p1 = T.AddProducts(T.AddProducts(p1, a0, T.And(v1, 0x0F)), a1, T.And(T.Upper(v1), 0x0F));
                }

                x0 = T.AddPairs(x0, p0);
                x1 = T.AddPairs(x1, p1);
            }

            T.Store(x0, default, sums);
            T.Store(x1, default, sums + Panel.Width);
        }
    }
}

/// <summary>64 bytes.</summary>
internal readonly unsafe struct LowBits512(Vector512<byte> value) : ILowBits<LowBits512>
{
    private readonly Vector512<byte> _value = value;

    public static int Count => Vector512<byte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LowBits512 Load(byte* bytes) => new(Vector512.Load(bytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LowBits512 Broadcast(byte* four) => new(Vector512.Create(*(int*)four).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LowBits512 And(LowBits512 x, byte mask) => new(x._value & Vector512.Create(mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LowBits512 Upper(LowBits512 x) => new((x._value.AsUInt16() >>> 4).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LowBits512 AddProducts(LowBits512 sums, LowBits512 a, LowBits512 codes) => new((sums._value.AsInt16() + Avx512BW.MultiplyAddAdjacent(a._value, codes._value.AsSByte())).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LowBits512 AddPairs(LowBits512 sums, LowBits512 pairs) => new((sums._value.AsInt32() + Avx512BW.MultiplyAddAdjacent(pairs._value.AsInt16(), Vector512<short>.One)).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(LowBits512 x, LowBits512 y, int* sums) => (x._value.AsInt32() + (y._value.AsInt32() >> 2)).Store(sums);
}

/// <summary>32 bytes.</summary>
internal readonly unsafe struct LowBits256(Vector256<byte> value) : ILowBits<LowBits256>
{
    private readonly Vector256<byte> _value = value;

    public static int Count => Vector256<byte>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LowBits256 Load(byte* bytes) => new(Vector256.Load(bytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LowBits256 Broadcast(byte* four) => new(Vector256.Create(*(int*)four).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LowBits256 And(LowBits256 x, byte mask) => new(x._value & Vector256.Create(mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LowBits256 Upper(LowBits256 x) => new((x._value.AsUInt16() >>> 4).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LowBits256 AddProducts(LowBits256 sums, LowBits256 a, LowBits256 codes) => new((sums._value.AsInt16() + Avx2.MultiplyAddAdjacent(a._value, codes._value.AsSByte())).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LowBits256 AddPairs(LowBits256 sums, LowBits256 pairs) => new((sums._value.AsInt32() + Avx2.MultiplyAddAdjacent(pairs._value.AsInt16(), Vector256<short>.One)).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(LowBits256 x, LowBits256 y, int* sums) => (x._value.AsInt32() + (y._value.AsInt32() >> 2)).Store(sums);
}
