namespace Subbyte.Kernels;

public static partial class FloatGemm
{
    /// <summary>Multiplies the patches of a padded map by packed weights: the same sums as those of a patch matrix, without the matrix.</summary>
    /// <param name="map">The map as <see cref="PatchMap.Fill"/> wrote it.</param>
    /// <param name="patches">Where its patches lie; planned for steps of one element.</param>
    /// <param name="firstLine">First line of the output.</param>
    /// <param name="lines">Lines of the output.</param>
    /// <param name="w">Packed weights of the padded depth.</param>
    /// <param name="c">Result, overwritten; the row of a patch begins at <c>patch · ldc</c>.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static void MultiplyPatches(ReadOnlySpan<float> map, PatchMap patches, int firstLine, int lines, PackedFloatMatrix w, Span<float> c, int ldc)
    {
        ArgumentNullException.ThrowIfNull(w);
        ArgumentNullException.ThrowIfNull(patches);
        patches.Check(map.Length, firstLine, lines, w.Depth, 1, c.Length, ldc, w.Outputs);
        if (Cpu.HasAvx512) MultiplyPatches<TileSet512<Fma512>>(map, patches, firstLine, lines, w, c, ldc);
        else if (Cpu.HasAvx2) MultiplyPatches<TileSet256<Fma256>>(map, patches, firstLine, lines, w, c, ldc);
        else if (Cpu.HasVector128) MultiplyPatches<TileSet128<Fma128>>(map, patches, firstLine, lines, w, c, ldc);
        else MultiplyPatchLines(map, patches, firstLine, lines, w, c, ldc);
    }

    private static unsafe void MultiplyPatches<TTiles>(ReadOnlySpan<float> map, PatchMap patches, int firstLine, int lines, PackedFloatMatrix w, Span<float> c, int ldc) where TTiles : ITileSet
    {
        fixed (float* pa = map, pw = w.Panels, pc = c)
            PanelProduct.RunPatches<TTiles>((byte*)(pa + patches.Patch(firstLine, 0)), patches.Layout, lines, (int*)pw, w.Outputs, (int*)pc, ldc);
    }

    private static void MultiplyPatchLines(ReadOnlySpan<float> map, PatchMap patches, int firstLine, int lines, PackedFloatMatrix w, Span<float> c, int ldc)
    {
        var rows = Scratch<float>.Rent(checked(patches.LineLength * patches.Depth));
        for (var line = 0; line < lines; line++)
        {
            patches.CopyPatches(map, firstLine + line, rows);
            MultiplyScalar(rows, patches.Depth, patches.LineLength, w, c[(line * patches.LineLength * ldc)..], ldc);
        }
    }
}
