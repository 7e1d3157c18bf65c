namespace Subbyte.Kernels;

public static partial class Int8Gemm
{
    /// <summary>Multiplies the patches of a padded map by packed weights: the same sums as those of a patch matrix, without the matrix.</summary>
    /// <param name="map">The map as <see cref="PatchMap.Fill"/> wrote it.</param>
    /// <param name="patches">Where its patches lie; planned for steps of four elements.</param>
    /// <param name="firstLine">First line of the output.</param>
    /// <param name="lines">Lines of the output.</param>
    /// <param name="w">Packed weights of the padded depth.</param>
    /// <param name="c">Result, overwritten; the row of a patch begins at <c>patch · ldc</c>.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    /// <param name="largestCode">As in <see cref="Multiply(ReadOnlySpan{byte}, int, int, PackedInt8Matrix, Span{int}, int, int)"/>.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void MultiplyPatches(ReadOnlySpan<byte> map, PatchMap patches, int firstLine, int lines, PackedInt8Matrix w, Span<int> c, int ldc, int largestCode = byte.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(w);
        ArgumentNullException.ThrowIfNull(patches);
        patches.Check(map.Length, firstLine, lines, w.Depth, PackedInt8Matrix.Step, c.Length, ldc, w.Outputs);
        var shortSteps = Math.Max(w.KnownStepsOfShortSum, StepsOfShortSum(w.LargestMagnitude, largestCode));
        switch (Choose(shortSteps, Cpu.HasAvxVnni))
        {
            case ProductKernel.ShortSums when Cpu.HasAvx512: MultiplyPatches<ShortTiles512>(map, patches, firstLine, lines, w, c, ldc, shortSteps); break;
            case ProductKernel.ShortSums when Cpu.HasAvx2: MultiplyPatches<ShortTiles256>(map, patches, firstLine, lines, w, c, ldc, shortSteps); break;
            case ProductKernel.Vnni: MultiplyPatches<TileSet256<Vnni256>>(map, patches, firstLine, lines, w, c, ldc); break;
            case ProductKernel.SafeChain when Cpu.HasAvx512: MultiplyPatches<TileSet512<SafeChain512>>(map, patches, firstLine, lines, w, c, ldc); break;
            case ProductKernel.SafeChain when Cpu.HasAvx2: MultiplyPatches<TileSet256<SafeChain256>>(map, patches, firstLine, lines, w, c, ldc); break;
            case ProductKernel.SafeChain: MultiplyPatches<TileSet128<SafeChain128>>(map, patches, firstLine, lines, w, c, ldc); break;
            case ProductKernel.ShortSums: MultiplyPatches<ShortTiles128>(map, patches, firstLine, lines, w, c, ldc, shortSteps); break;
            default: MultiplyPatchLines(map, patches, firstLine, lines, w, c, ldc, largestCode); break;
        }
    }

    private static unsafe void MultiplyPatches<TTiles>(ReadOnlySpan<byte> map, PatchMap patches, int firstLine, int lines, PackedInt8Matrix w, Span<int> c, int ldc, int stepsOfShortSum = 0) where TTiles : ITileSet
    {
        fixed (byte* pa = map)
        fixed (sbyte* pw = w.Panels)
        fixed (int* pc = c)
            PanelProduct.RunPatches<TTiles>(pa + patches.Patch(firstLine, 0), patches.Layout, lines, (int*)pw, w.Outputs, pc, ldc, stepsOfShortSum);
    }

    private static void MultiplyPatchLines(ReadOnlySpan<byte> map, PatchMap patches, int firstLine, int lines, PackedInt8Matrix w, Span<int> c, int ldc, int largestCode)
    {
        var rows = Scratch<byte>.Rent(checked(patches.LineLength * patches.Depth));
        for (var line = 0; line < lines; line++)
        {
            patches.CopyPatches(map, firstLine + line, rows);
            Multiply(rows, patches.Depth, patches.LineLength, w, c[(line * patches.LineLength * ldc)..], ldc, largestCode);
        }
    }
}
