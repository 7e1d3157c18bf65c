using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>Transposes matrices of bytes: maps whose channels lie one after the other become maps of pixels.</summary>
public static unsafe class CodeTransposition
{
    /// <summary>Rows and columns of a block.</summary>
    private const int Size = 16;

    private interface IBlocks<TSelf> where TSelf : unmanaged, IBlocks<TSelf>
    {
        /// <summary>Blocks side by side.</summary>
        static abstract int Count { get; }

        static abstract TSelf Load(byte* source);

        /// <summary>The bytes of the first halves of two rows of each block in turns.</summary>
        static abstract TSelf Low(TSelf a, TSelf b);

        /// <summary>The bytes of the second halves.</summary>
        static abstract TSelf High(TSelf a, TSelf b);

        /// <summary>Stores the rows of blocks, which are some bytes apart.</summary>
        static abstract void Store(TSelf rows, byte* target, nint stride);
    }

    /// <summary>Writes <c>destination[c · rows + r] = source[r · columns + c]</c>.</summary>
    /// <param name="source">Row-major matrix.</param>
    /// <param name="rows">Its rows, ≥ 0.</param>
    /// <param name="columns">Its columns, ≥ 0.</param>
    /// <param name="destination">Row-major result of as many bytes; it must not overlap the source.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Run(ReadOnlySpan<byte> source, int rows, int columns, Span<byte> destination)
    {
        var length = (long)rows * columns;
        if (rows < 0 || columns < 0 || source.Length < length || destination.Length < length)
            throw new ArgumentException($"{source.Length} and {destination.Length} bytes do not hold {rows} × {columns}", nameof(source));
        fixed (byte* from = source, to = destination)
        {
            if (rows >= Size && columns >= Blocks512.Count * Size && Cpu.HasAvx512) Run<Blocks512>(from, rows, columns, to);
            else if (rows >= Size && columns >= Size && Cpu.HasVector128 && Sse2.IsSupported) Run<Blocks128>(from, rows, columns, to);
            else RunScalar(from, rows, columns, to);
        }
    }

    private static void RunScalar(byte* from, nint rows, nint columns, byte* to)
    {
        for (nint column = 0; column < columns; column++)
        {
            for (nint row = 0; row < rows; row++) *to++ = from[(row * columns) + column];
        }
    }

    /// <summary>The last blocks overlap those before them where sizes are no multiples: the same bytes are written twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TBlocks>(byte* from, nint rows, nint columns, byte* to) where TBlocks : unmanaged, IBlocks<TBlocks>
    {
        nint width = TBlocks.Count * Size;
        for (nint c = 0; c < columns; c += width)
        {
            var column = Math.Min(c, columns - width);
            for (nint r = 0; r < rows; r += Size)
            {
                var row = Math.Min(r, rows - Size);
                RunBlocks<TBlocks>(from + (row * columns) + column, columns, to + (column * rows) + row, rows);
            }
        }
    }

    /// <summary>Four times the rows of the first half of a block are mixed with those of the second: each time an index takes a bit of row from column.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunBlocks<TBlocks>(byte* from, nint fromStride, byte* to, nint toStride) where TBlocks : unmanaged, IBlocks<TBlocks>
    {
        const int half = Size / 2;
        TBlocks* even = stackalloc TBlocks[Size], odd = stackalloc TBlocks[Size];
        for (nint i = 0; i < half; i++)
        {
            TBlocks a = TBlocks.Load(from + (i * fromStride)), b = TBlocks.Load(from + ((i + half) * fromStride));
            (odd[2 * i], odd[(2 * i) + 1]) = (TBlocks.Low(a, b), TBlocks.High(a, b));
        }

        for (nint i = 0; i < half; i++) (even[2 * i], even[(2 * i) + 1]) = (TBlocks.Low(odd[i], odd[i + half]), TBlocks.High(odd[i], odd[i + half]));
        for (nint i = 0; i < half; i++) (odd[2 * i], odd[(2 * i) + 1]) = (TBlocks.Low(even[i], even[i + half]), TBlocks.High(even[i], even[i + half]));
        for (nint i = 0; i < half; i++)
        {
            TBlocks.Store(TBlocks.Low(odd[i], odd[i + half]), to + (2 * i * toStride), Size * toStride);
            TBlocks.Store(TBlocks.High(odd[i], odd[i + half]), to + (((2 * i) + 1) * toStride), Size * toStride);
        }
    }

    private readonly struct Blocks128(Vector128<byte> value) : IBlocks<Blocks128>
    {
        private readonly Vector128<byte> _value = value;

        public static int Count => 1;

        public static Blocks128 Load(byte* source) => new(Vector128.Load(source));

        public static Blocks128 Low(Blocks128 a, Blocks128 b) => new(Sse2.UnpackLow(a._value, b._value));

        public static Blocks128 High(Blocks128 a, Blocks128 b) => new(Sse2.UnpackHigh(a._value, b._value));

        public static void Store(Blocks128 rows, byte* target, nint stride) => rows._value.Store(target);
    }

    private readonly struct Blocks512(Vector512<byte> value) : IBlocks<Blocks512>
    {
        private readonly Vector512<byte> _value = value;

        public static int Count => 4;

        public static Blocks512 Load(byte* source) => new(Vector512.Load(source));

        public static Blocks512 Low(Blocks512 a, Blocks512 b) => new(Avx512BW.UnpackLow(a._value, b._value));

        public static Blocks512 High(Blocks512 a, Blocks512 b) => new(Avx512BW.UnpackHigh(a._value, b._value));

        public static void Store(Blocks512 rows, byte* target, nint stride)
        {
            Avx512F.ExtractVector128(rows._value, 0).Store(target);
            Avx512F.ExtractVector128(rows._value, 1).Store(target + stride);
            Avx512F.ExtractVector128(rows._value, 2).Store(target + (2 * stride));
            Avx512F.ExtractVector128(rows._value, 3).Store(target + (3 * stride));
        }
    }
}
