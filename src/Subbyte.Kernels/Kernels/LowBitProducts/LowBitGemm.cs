using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>
/// Matrix products of unsigned 8-bit activations and weights of two or four bits, exact in 32 bits. Many rows: weights of 32 outputs at a time are unpacked to
/// bytes, which serve all rows from the cache. Few rows: they are unpacked in registers, so that memory is read at the width that they have there.
/// </summary>
public static class LowBitGemm
{
    /// <summary>Up to so many rows are multiplied one by one.</summary>
    private const int FewRows = 3;

    private const int OutputsOfBlock = 2 * Panel.Width;

    private const int LineBytes = Panel.Width * PackedInt8Matrix.Step;

    [ThreadStatic]
    private static Dictionary<(int Outputs, int Depth, int Magnitude), PackedInt8Matrix>? _unpacked;

    /// <summary>Multiplies the rows of <paramref name="a"/> by packed weights.</summary>
    /// <param name="a">Row-major codes; row <c>n</c> begins at <c>n · lda</c> and is readable up to a multiple of four bytes.</param>
    /// <param name="lda">Bytes from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="w">Packed weights.</param>
    /// <param name="c">Result, overwritten; row <c>n</c> begins at <c>n · ldc</c>.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    /// <param name="largestCode">Largest code of <paramref name="a"/>.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void Multiply(ReadOnlySpan<byte> a, int lda, int rows, PackedLowBitMatrix w, Span<int> c, int ldc, int largestCode = byte.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(w);
        MatrixProductArguments.Check(a.Length, lda, rows, w.Depth, w.Depth, c.Length, ldc, w.Outputs);
        if (rows <= FewRows && Cpu.HasAvx2)
        {
            var triples = TripleRow.Serves(w) ? w.Triples(1, 1, w.Depth) : null;
            for (var row = 0; row < rows; row++)
            {
                ReadOnlySpan<byte> codes = a.Slice(row * lda, w.Depth);
                var sums = c.Slice(row * ldc, w.Outputs);
                if (triples is not null) TripleRow.Multiply(codes, triples, sums);
                else MultiplyRow(codes, w, sums);
            }

            return;
        }

        for (var output = 0; output < w.Outputs; output += OutputsOfBlock)
            Int8Gemm.Multiply(a, lda, rows, Unpack(w, output), c[output..], ldc, largestCode);
    }

    /// <summary>Multiplies the patches of a padded map by packed weights.</summary>
    /// <param name="map">The map as <see cref="PatchMap.Fill"/> wrote it.</param>
    /// <param name="patches">Where its patches lie; planned for steps of four elements.</param>
    /// <param name="firstLine">First line of the output.</param>
    /// <param name="lines">Lines of the output.</param>
    /// <param name="w">Packed weights of the padded depth.</param>
    /// <param name="c">Result, overwritten; the row of a patch begins at <c>patch · ldc</c>.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    /// <param name="largestCode">Largest code of the map.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void MultiplyPatches(ReadOnlySpan<byte> map, PatchMap patches, int firstLine, int lines, PackedLowBitMatrix w, Span<int> c, int ldc, int largestCode = byte.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(w);
        ArgumentNullException.ThrowIfNull(patches);
        patches.Check(map.Length, firstLine, lines, w.Depth, PackedInt8Matrix.Step, c.Length, ldc, w.Outputs);
        if (TripleGemm.Serves(patches.Geometry, w))
        {
            MultiplyTriples(map, patches, firstLine, lines, w, c, ldc);
            return;
        }

        for (var output = 0; output < w.Outputs; output += OutputsOfBlock)
            Int8Gemm.MultiplyPatches(map, patches, firstLine, lines, Unpack(w, output), c[output..], ldc, largestCode);
    }

    /// <summary>The kernel that multiplies the patches of a convolution on this machine.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="w">Weights.</param>
    /// <param name="largestCode">Largest code of the map.</param>
    /// <returns>The kernel.</returns>
    public static ProductKernel Kernel(ConvolutionGeometry geometry, PackedLowBitMatrix w, int largestCode)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(w);
        return TripleGemm.Serves(geometry, w) ? ProductKernel.TableSums : Int8Gemm.Kernel(w.LargestMagnitude, largestCode);
    }

    private static unsafe void MultiplyTriples(ReadOnlySpan<byte> map, PatchMap patches, int firstLine, int lines, PackedLowBitMatrix w, Span<int> c, int ldc)
    {
        var g = patches.Geometry;
        fixed (byte* pm = map)
        fixed (int* pc = c)
            TripleGemm.MultiplyPatches(pm, patches, firstLine, lines, w.Triples(g.KernelHeight, g.KernelWidth, g.InChannels), pc, ldc);
    }

    /// <summary>Bytes of up to 32 outputs, in memory that the calling thread keeps.</summary>
    private static unsafe PackedInt8Matrix Unpack(PackedLowBitMatrix w, int output)
    {
        var outputs = Math.Min(OutputsOfBlock, w.Outputs - output);
        var key = (outputs, w.Depth, w.LargestMagnitude);
        _unpacked ??= [];
        if (!_unpacked.TryGetValue(key, out var unpacked)) _unpacked[key] = unpacked = PackedInt8Matrix.Empty(outputs, w.Depth, w.LargestMagnitude);
        unpacked.KnownStepsOfShortSum = w.StepsOfShortSum;
        fixed (byte* source = w.Panels)
        fixed (sbyte* target = unpacked.Room)
        {
            for (var panel = 0; panel < Panel.Count(outputs); panel++)
                UnpackPanel(source + ((nint)((output / Panel.Width) + panel) * w.Groups * LineBytes), target + ((nint)panel * unpacked.Steps * LineBytes), unpacked.Steps, w);
        }

        return unpacked;
    }

    private static unsafe void UnpackPanel(byte* source, sbyte* target, int steps, PackedLowBitMatrix w)
    {
        if (Cpu.HasAvx512) UnpackPanel512(source, target, steps, w);
        else UnpackPanel128(source, target, steps, w);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void UnpackPanel512(byte* source, sbyte* target, int steps, PackedLowBitMatrix w)
    {
        int bits = w.Bits, fields = w.StepsOfByte;
        var mask = Vector512.Create((byte)((1 << bits) - 1));
        var lowest = Vector512.Create((sbyte)w.Lowest);
        for (; steps > 0; steps -= fields, source += LineBytes)
        {
            var line = Vector512.Load(source).AsUInt16();
            for (var field = Math.Min(fields, steps); field > 0; field--, target += LineBytes, line >>>= bits)
                ((line.AsByte() & mask).AsSByte() + lowest).Store(target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void UnpackPanel128(byte* source, sbyte* target, int steps, PackedLowBitMatrix w)
    {
        int bits = w.Bits, fields = w.StepsOfByte;
        var mask = Vector128.Create((byte)((1 << bits) - 1));
        var lowest = Vector128.Create((sbyte)w.Lowest);
        for (; steps > 0; steps -= fields, source += LineBytes)
        {
            for (var part = 0; part < LineBytes; part += Vector128<byte>.Count)
            {
                var line = Vector128.Load(source + part).AsUInt16();
                var to = target + part;
                for (var field = Math.Min(fields, steps); field > 0; field--, to += LineBytes, line >>>= bits)
                    ((line.AsByte() & mask).AsSByte() + lowest).Store(to);
            }

            target += Math.Min(fields, steps) * LineBytes;
        }
    }

    private static unsafe void MultiplyRow(ReadOnlySpan<byte> a, PackedLowBitMatrix w, Span<int> c)
    {
        var length = w.Groups * PackedInt8Matrix.Step * w.StepsOfByte;
        var row = Scratch<byte>.Rent(length)[..length];
        a.CopyTo(row);
        row[a.Length..].Clear();
        var offset = w.Lowest * Sum(a);
        // Sums of 16 bits are proved for every activation.
        var sums = stackalloc int[OutputsOfBlock];
        fixed (byte* pa = row, pw = w.Panels)
        {
            for (var output = 0; output < w.Outputs; output += OutputsOfBlock)
            {
                var panel = pw + ((nint)(output / Panel.Width) * w.Groups * LineBytes);
                var next = output + Panel.Width < w.Outputs ? (nint)w.Groups * LineBytes : 0;
                if (w.Bits == 2 && Cpu.HasAvx512) LowBitRow<LowBits512>.RunTwo(pa, panel, next, w, sums);
                else if (w.Bits == 2) LowBitRow<LowBits256>.RunTwo(pa, panel, next, w, sums);
                else if (Cpu.HasAvx512) LowBitRow<LowBits512>.RunFour(pa, panel, next, w, sums);
                else LowBitRow<LowBits256>.RunFour(pa, panel, next, w, sums);
                for (var i = 0; i < Math.Min(OutputsOfBlock, w.Outputs - output); i++) c[output + i] = sums[i] + offset;
            }
        }
    }

    private static int Sum(ReadOnlySpan<byte> codes)
    {
        var sums = Vector256<ushort>.Zero;
        var total = 0;
        // 255 steps of two codes of 255 each do not fit 16 bits; 128 do.
        for (var steps = 0; codes.Length >= Vector256<byte>.Count; codes = codes[Vector256<byte>.Count..], steps++)
        {
            if (steps == 128)
            {
                total += Total(sums);
                (sums, steps) = (Vector256<ushort>.Zero, 0);
            }

            var (low, high) = Vector256.Widen(Vector256.Create(codes));
            sums += low + high;
        }

        foreach (var code in codes) total += code;
        return total + Total(sums);
    }

    private static int Total(Vector256<ushort> sums)
    {
        var (low, high) = Vector256.Widen(sums);
        return (int)Vector256.Sum(low + high);
    }
}
