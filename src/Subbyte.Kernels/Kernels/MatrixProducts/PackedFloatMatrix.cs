using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>
/// Float weights of a dot-product layer, laid out for <see cref="FloatGemm"/>: panels of 16 outputs, [panel][k][output], outputs padded with
/// zeros. The layout does not depend on the instruction set. Immutable but for <see cref="Fill"/> and <see cref="FillTransposed"/>; safe to share between threads.
/// </summary>
public sealed class PackedFloatMatrix
{
    private readonly AlignedBuffer<float> _panels;

    private PackedFloatMatrix(int outputs, int depth)
    {
        Outputs = outputs;
        Depth = depth;
        _panels = new AlignedBuffer<float>(PanelElements(outputs, depth));
    }

    /// <summary>Number of outputs <c>M</c>.</summary>
    public int Outputs { get; private set; }

    /// <summary>Weights of one output <c>K</c>.</summary>
    public int Depth { get; private set; }

    /// <summary>All panels, one after the other.</summary>
    internal ReadOnlySpan<float> Panels => _panels.Span[..PanelElements(Outputs, Depth)];

    /// <summary>Packs row-major weights.</summary>
    /// <param name="weights">Weights [output][k], row-major, <paramref name="outputs"/> × <paramref name="depth"/>.</param>
    /// <param name="outputs">Number of outputs, ≥ 0.</param>
    /// <param name="depth">Weights of one output, ≥ 0.</param>
    /// <returns>The packed matrix.</returns>
    /// <exception cref="ArgumentException">The number of weights is not that of the shape.</exception>
    public static PackedFloatMatrix Pack(ReadOnlySpan<float> weights, int outputs, int depth)
    {
        var packed = new PackedFloatMatrix(outputs, depth);
        packed.Fill(weights);
        return packed;
    }

    /// <summary>Takes room for a matrix of zeros, to be filled later.</summary>
    /// <param name="outputs">Number of outputs, ≥ 0.</param>
    /// <param name="depth">Weights of one output, ≥ 0.</param>
    /// <returns>The matrix.</returns>
    public static PackedFloatMatrix Zeros(int outputs, int depth) => new(outputs, depth);

    /// <summary>Elements that the panels of a matrix take.</summary>
    /// <param name="outputs">Number of outputs, ≥ 0.</param>
    /// <param name="depth">Weights of one output, ≥ 0.</param>
    /// <returns>The number of elements with padding.</returns>
    public static int PanelElements(int outputs, int depth) => checked(Panel.Count(outputs) * Panel.Width * depth);

    /// <summary>Replaces all weights, in the room taken before (for weights that change from step to step).</summary>
    /// <param name="weights">Weights [output][k], row-major, <see cref="Outputs"/> × <see cref="Depth"/>.</param>
    /// <exception cref="ArgumentException">The number of weights is not that of the shape.</exception>
    public void Fill(ReadOnlySpan<float> weights)
    {
        if (weights.Length != (long)Outputs * Depth)
            throw new ArgumentException($"{weights.Length} weights are not {Outputs} × {Depth}", nameof(weights));
        Panel.Fill(weights, Outputs, Depth, 1, _panels.Span);
    }

    /// <summary>
    /// Replaces the matrix by one that is given with its outputs as columns, in the room taken before. The sizes may change (for operands that
    /// are packed again and again, such as the two factors of a gradient).
    /// </summary>
    /// <param name="columns">Row-major [k][output]; row <c>k</c> begins at <c>k · rowStride</c>.</param>
    /// <param name="rowStride">Elements from one row to the next.</param>
    /// <param name="outputs">Number of outputs, ≥ 0.</param>
    /// <param name="depth">Weights of one output, ≥ 0.</param>
    /// <exception cref="ArgumentException">A row leaves its span, or the matrix needs more room than was taken.</exception>
    public void FillTransposed(ReadOnlySpan<float> columns, int rowStride, int outputs, int depth)
    {
        if (depth > 0 && (rowStride < outputs || ((long)(depth - 1) * rowStride) + outputs > columns.Length))
            throw new ArgumentException($"{columns.Length} elements are not {depth} rows of {outputs} with stride {rowStride}", nameof(columns));
        if (PanelElements(outputs, depth) > _panels.Length)
            throw new ArgumentException($"a matrix of {outputs} × {depth} does not fit into {_panels.Length} elements", nameof(outputs));
        (Outputs, Depth) = (outputs, depth);
        for (var first = 0; first < outputs; first += Panel.Width)
        {
            var count = Math.Min(Panel.Width, outputs - first);
            var panel = _panels.Span.Slice(first * depth, Panel.Width * depth);
            // The last rows of a part of a panel have no room for whole vectors behind them.
            var whole = !Cpu.HasVector128 ? 0 : count == Panel.Width ? depth : Math.Clamp((columns.Length - first - Panel.Width) / Math.Max(1, rowStride), 0, depth);
            FillByVectors(columns[first..], rowStride, count, panel[..(whole * Panel.Width)]);
            FillPanel(columns[Math.Min(columns.Length, first + (whole * rowStride))..], rowStride, count, panel[(whole * Panel.Width)..]);
        }
    }

    private static void FillPanel(ReadOnlySpan<float> columns, int rowStride, int count, Span<float> panel)
    {
        for (int from = 0, to = 0; to < panel.Length; from += rowStride, to += Panel.Width)
        {
            var line = panel.Slice(to, Panel.Width);
            columns.Slice(from, count).CopyTo(line);
            line[count..].Clear();
        }
    }

    private static unsafe void FillByVectors(ReadOnlySpan<float> columns, int rowStride, int count, Span<float> panel)
    {
        var numbers = Vector128.Create(0, 1, 2, 3);
        Vector128<float> mask0 = Vector128.LessThan(numbers, Vector128.Create(count)).AsSingle(), mask1 = Vector128.LessThan(numbers, Vector128.Create(count - 4)).AsSingle();
        Vector128<float> mask2 = Vector128.LessThan(numbers, Vector128.Create(count - 8)).AsSingle(), mask3 = Vector128.LessThan(numbers, Vector128.Create(count - 12)).AsSingle();
        fixed (float* source = columns, target = panel)
        {
            var from = source;
            for (float* to = target, end = target + panel.Length; to < end; to += Panel.Width, from += rowStride)
            {
                (Vector128.Load(from) & mask0).Store(to);
                (Vector128.Load(from + 4) & mask1).Store(to + 4);
                (Vector128.Load(from + 8) & mask2).Store(to + 8);
                (Vector128.Load(from + 12) & mask3).Store(to + 12);
            }
        }
    }
}
