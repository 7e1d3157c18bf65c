using System.Numerics;
using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>
/// What sums of ±1 products need at the border of a map: a padded position is the bit 0 there, which counts as −1 and should count as 0, so that the weights
/// which meet padding are added.
/// </summary>
internal sealed class PaddingCorrection
{
    // Each cut of the kernel has sums of its own; a layer has nine as a rule.
    private const int MostCuts = 64;

    private readonly Cuts _lines;
    private readonly Cuts _columns;
    private readonly int[]?[] _sums;

    private PaddingCorrection(Cuts lines, Cuts columns, int[]?[] sums) => (_lines, _columns, _sums) = (lines, columns, sums);

    /// <summary>Whether a layer has few enough ways of being cut by the border.</summary>
    /// <param name="g">Sizes.</param>
    /// <returns>True when it has.</returns>
    public static bool Fits(ConvolutionGeometry g) => Lines(g).Kinds.Count * (long)Columns(g).Kinds.Count <= MostCuts;

    /// <summary>The corrections of a layer.</summary>
    /// <param name="g">Sizes; one group, and <see cref="Fits"/> holds.</param>
    /// <param name="weights">Weights [output][k].</param>
    /// <returns>The corrections, or null where there is no padding.</returns>
    public static PaddingCorrection? Of(ConvolutionGeometry g, ReadOnlySpan<sbyte> weights)
    {
        if (g.PadTop + g.PadLeft + g.PadBottom + g.PadRight == 0) return null;
        var (lines, columns) = (Lines(g), Columns(g));
        var sums = new int[]?[lines.Kinds.Count * columns.Kinds.Count];
        for (var cut = 0; cut < sums.Length; cut++)
        {
            var (rows, across) = (lines.Kinds[cut / columns.Kinds.Count], columns.Kinds[cut % columns.Kinds.Count]);
            if (rows != (0, g.KernelHeight) || across != (0, g.KernelWidth)) sums[cut] = Outside(g, weights, rows, across);
        }

        return new PaddingCorrection(lines, columns, sums);
    }

    /// <summary>Adds the corrections of some positions.</summary>
    /// <param name="first">The first.</param>
    /// <param name="count">How many.</param>
    /// <param name="sums">Sums [position][output].</param>
    public void Add(int first, int count, Span<int> sums)
    {
        for (var i = 0; i < count; i++)
        {
            var (line, column) = Math.DivRem(first + i, _columns.KindOf.Length);
            if (_sums[(_lines.KindOf[line] * _columns.Kinds.Count) + _columns.KindOf[column]] is not { } correction) continue;
            var row = sums.Slice(i * correction.Length, correction.Length);
            var vectors = MemoryMarshal.Cast<int, Vector<int>>(row);
            var added = MemoryMarshal.Cast<int, Vector<int>>((ReadOnlySpan<int>)correction);
            for (var v = 0; v < vectors.Length; v++) vectors[v] += added[v];
            for (var m = vectors.Length * Vector<int>.Count; m < row.Length; m++) row[m] += correction[m];
        }
    }

    private static Cuts Lines(ConvolutionGeometry g) => Cuts.Of(g.OutHeight, line => Inside((line * g.StrideHeight) - g.PadTop, g.DilationHeight, g.KernelHeight, g.InHeight));

    private static Cuts Columns(ConvolutionGeometry g) => Cuts.Of(g.OutWidth, column => Inside((column * g.StrideWidth) - g.PadLeft, g.DilationWidth, g.KernelWidth, g.InWidth));

    /// <summary>The positions of a kernel along one axis that lie in the map.</summary>
    private static (int First, int End) Inside(int start, int dilation, int kernel, int size)
    {
        var (first, end) = (0, kernel);
        while (first < kernel && start + (first * dilation) < 0) first++;
        while (end > first && start + ((end - 1) * dilation) >= size) end--;
        return (first, end);
    }

    private static int[] Outside(ConvolutionGeometry g, ReadOnlySpan<sbyte> weights, (int First, int End) rows, (int First, int End) columns)
    {
        var sums = new int[g.OutChannels];
        for (var i = 0; i < weights.Length; i++)
        {
            var (output, k) = Math.DivRem(i, g.Depth);
            var (row, column) = Math.DivRem(k / g.InChannels, g.KernelWidth);
            if (row < rows.First || row >= rows.End || column < columns.First || column >= columns.End) sums[output] += weights[i];
        }

        return sums;
    }

    /// <summary>How the border cuts the kernel along one axis.</summary>
    /// <param name="Kinds">The parts of the kernel that are left.</param>
    /// <param name="KindOf">Which of them each position has.</param>
    private sealed record Cuts(List<(int First, int End)> Kinds, int[] KindOf)
    {
        public static Cuts Of(int positions, Func<int, (int First, int End)> inside)
        {
            var (kinds, known) = (new List<(int First, int End)>(), new Dictionary<(int First, int End), int>());
            var kindOf = new int[positions];
            for (var position = 0; position < positions; position++)
            {
                var kind = inside(position);
                if (!known.TryGetValue(kind, out kindOf[position]))
                {
                    known[kind] = kindOf[position] = kinds.Count;
                    kinds.Add(kind);
                }
            }

            return new Cuts(kinds, kindOf);
        }
    }
}
