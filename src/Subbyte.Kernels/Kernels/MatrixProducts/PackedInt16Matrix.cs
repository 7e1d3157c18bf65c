namespace Subbyte.Kernels;

/// <summary>
/// Signed 16-bit weights of a dot-product layer, laid out for <see cref="Int16Gemm"/>: panels of 16 outputs, [panel][k / 2][output][k mod 2],
/// padded with zeros. The layout does not depend on the instruction set. Immutable; safe to share between threads.
/// </summary>
public sealed class PackedInt16Matrix
{
    /// <summary>Neighbouring <c>k</c> that one 32-bit lane multiplies at once.</summary>
    internal const int Step = 2;

    private readonly AlignedBuffer<short> _panels;

    private PackedInt16Matrix(int outputs, int depth)
    {
        Outputs = outputs;
        Depth = depth;
        PaddedDepth = checked(depth + Step - 1) / Step * Step;
        _panels = new AlignedBuffer<short>(checked(Panel.Count(outputs) * Panel.Width * PaddedDepth));
    }

    /// <summary>Number of outputs <c>M</c>.</summary>
    public int Outputs { get; }

    /// <summary>Weights of one output <c>K</c>.</summary>
    public int Depth { get; }

    /// <summary><see cref="Depth"/> rounded up to a multiple of 2: the elements of each row of activations that are read.</summary>
    public int PaddedDepth { get; }

    /// <summary>Largest magnitude of a weight, 0 to 32768; it proves how many products fit 32 bits.</summary>
    public int LargestMagnitude { get; private init; }

    /// <summary>Steps of <c>k</c>.</summary>
    internal int Steps => PaddedDepth / Step;

    /// <summary>Whether some step is twice −32768, the only weights whose two products may not fit 32 bits together.</summary>
    internal bool HasMinimumPair { get; private init; }

    /// <summary>All panels, one after the other.</summary>
    internal ReadOnlySpan<short> Panels => _panels.Span;

    /// <summary>Packs row-major weights.</summary>
    /// <param name="weights">Weights [output][k], row-major, <paramref name="outputs"/> × <paramref name="depth"/>.</param>
    /// <param name="outputs">Number of outputs, ≥ 0.</param>
    /// <param name="depth">Weights of one output, ≥ 0.</param>
    /// <returns>The packed matrix.</returns>
    /// <exception cref="ArgumentException">The number of weights is not that of the shape.</exception>
    public static PackedInt16Matrix Pack(ReadOnlySpan<short> weights, int outputs, int depth)
    {
        if (weights.Length != (long)outputs * depth)
            throw new ArgumentException($"{weights.Length} weights are not {outputs} × {depth}", nameof(weights));
        var largest = 0;
        foreach (var weight in weights)
            largest = Math.Max(largest, Math.Abs((int)weight));
        var packed = new PackedInt16Matrix(outputs, depth)
        {
            LargestMagnitude = largest,
            HasMinimumPair = largest == -short.MinValue && ContainsMinimumPair(weights, outputs, depth),
        };
        Panel.Fill(weights, outputs, depth, Step, packed._panels.Span);
        return packed;
    }

    private static bool ContainsMinimumPair(ReadOnlySpan<short> weights, int outputs, int depth)
    {
        for (var output = 0; output < outputs; output++)
        {
            var row = weights.Slice(output * depth, depth);
            for (var k = 0; k + 1 < depth; k += Step)
            {
                if (row[k] == short.MinValue && row[k + 1] == short.MinValue) return true;
            }
        }
        return false;
    }
}
