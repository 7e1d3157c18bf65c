namespace Subbyte.Kernels;

public static partial class Int16Gemm
{
    /// <summary>Multiplies the patches of a padded map by packed weights into 32-bit sums, which wrap: exact when the true sums fit.</summary>
    /// <param name="map">The map as <see cref="PatchMap.Fill"/> wrote it.</param>
    /// <param name="patches">Where its patches lie; planned for steps of two elements.</param>
    /// <param name="firstLine">First line of the output.</param>
    /// <param name="lines">Lines of the output.</param>
    /// <param name="w">Packed weights of the padded depth.</param>
    /// <param name="c">Result, overwritten; the row of a patch begins at <c>patch · ldc</c>.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void MultiplyPatches(ReadOnlySpan<short> map, PatchMap patches, int firstLine, int lines, PackedInt16Matrix w, Span<int> c, int ldc)
    {
        ArgumentNullException.ThrowIfNull(w);
        ArgumentNullException.ThrowIfNull(patches);
        patches.Check(map.Length, firstLine, lines, w.Depth, PackedInt16Matrix.Step, c.Length, ldc, w.Outputs);
        if (Cpu.HasAvx512) MultiplyPatches<TileSet512<Chain512>>(map, patches, firstLine, lines, w, c, ldc);
        else if (Cpu.HasAvxVnni) MultiplyPatches<TileSet256<Vnni256>>(map, patches, firstLine, lines, w, c, ldc);
        else if (Cpu.HasAvx2) MultiplyPatches<TileSet256<Chain256>>(map, patches, firstLine, lines, w, c, ldc);
        else if (Cpu.HasVector128) MultiplyPatches<TileSet128<Chain128>>(map, patches, firstLine, lines, w, c, ldc);
        else MultiplyPatchLines(map, patches, firstLine, lines, w, c, ldc);
    }

    private static unsafe void MultiplyPatches<TTiles>(ReadOnlySpan<short> map, PatchMap patches, int firstLine, int lines, PackedInt16Matrix w, Span<int> c, int ldc) where TTiles : ITileSet
    {
        fixed (short* pa = map, pw = w.Panels)
        fixed (int* pc = c)
            PanelProduct.RunPatches<TTiles>((byte*)(pa + patches.Patch(firstLine, 0)), patches.Layout, lines, (int*)pw, w.Outputs, pc, ldc);
    }

    private static void MultiplyPatchLines(ReadOnlySpan<short> map, PatchMap patches, int firstLine, int lines, PackedInt16Matrix w, Span<int> c, int ldc)
    {
        var rows = Scratch<short>.Rent(checked(patches.LineLength * patches.Depth));
        for (var line = 0; line < lines; line++)
        {
            patches.CopyPatches(map, firstLine + line, rows);
            Multiply(rows, patches.Depth, patches.LineLength, w, c[(line * patches.LineLength * ldc)..], ldc);
        }
    }

    /// <summary>Multiplies the patches of a padded map by packed weights into 64-bit sums, exact for every operand.</summary>
    /// <param name="map">As in <see cref="MultiplyPatches(ReadOnlySpan{short}, PatchMap, int, int, PackedInt16Matrix, Span{int}, int)"/>.</param>
    /// <param name="patches">Where its patches lie; planned for steps of two elements.</param>
    /// <param name="firstLine">First line of the output.</param>
    /// <param name="lines">Lines of the output.</param>
    /// <param name="w">Packed weights of the padded depth.</param>
    /// <param name="c">Result, overwritten; the row of a patch begins at <c>patch · ldc</c>.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void MultiplyPatchesWide(ReadOnlySpan<short> map, PatchMap patches, int firstLine, int lines, PackedInt16Matrix w, Span<long> c, int ldc)
    {
        ArgumentNullException.ThrowIfNull(w);
        ArgumentNullException.ThrowIfNull(patches);
        patches.Check(map.Length, firstLine, lines, w.Depth, PackedInt16Matrix.Step, c.Length, ldc, w.Outputs);
        if (Cpu.HasAvx512 && FitsHalves(w)) MultiplyPatchesWide<TileSet512<Chain512>, TileSet512<HighHalves512>>(map, patches, firstLine, lines, w, c, ldc);
        else if (Cpu.HasAvx2 && FitsHalves(w)) MultiplyPatchesWide<TileSet256<Chain256>, TileSet256<HighHalves256>>(map, patches, firstLine, lines, w, c, ldc);
        else if (Cpu.HasVector128 && FitsHalves(w)) MultiplyPatchesWide<TileSet128<Chain128>, TileSet128<HighHalves128>>(map, patches, firstLine, lines, w, c, ldc);
        else MultiplyPatchLinesWide(map, patches, firstLine, lines, w, c, ldc);
    }

    private static unsafe void MultiplyPatchesWide<TChain, THighHalves>(ReadOnlySpan<short> map, PatchMap patches, int firstLine, int lines, PackedInt16Matrix w, Span<long> c, int ldc)
        where TChain : ITileSet where THighHalves : ITileSet
    {
        var rows = lines * patches.LineLength;
        if (rows == 0 || w.Outputs == 0) return;
        var sums = Scratch<int>.Rent(2 * rows * w.Outputs);
        fixed (short* pa = map, pw = w.Panels)
        fixed (int* p = sums)
        fixed (long* pc = c)
        {
            var a = (byte*)(pa + patches.Patch(firstLine, 0));
            var high = p + ((nint)rows * w.Outputs);
            PanelProduct.RunPatches<TChain>(a, patches.Layout, lines, (int*)pw, w.Outputs, p, w.Outputs);
            PanelProduct.RunPatches<THighHalves>(a, patches.Layout, lines, (int*)pw, w.Outputs, high, w.Outputs);
            Join(p, high, rows, w.Outputs, pc, ldc);
        }
    }

    private static void MultiplyPatchLinesWide(ReadOnlySpan<short> map, PatchMap patches, int firstLine, int lines, PackedInt16Matrix w, Span<long> c, int ldc)
    {
        var rows = Scratch<short>.Rent(checked(patches.LineLength * patches.Depth));
        for (var line = 0; line < lines; line++)
        {
            patches.CopyPatches(map, firstLine + line, rows);
            MultiplyWide(rows, patches.Depth, patches.LineLength, w, c[(line * patches.LineLength * ldc)..], ldc);
        }
    }
}
