namespace Subbyte.Kernels;

/// <summary>
/// Float weights of a dot-product layer, laid out for <see cref="FloatGemm"/>: panels of 16 outputs, [panel][k][output], outputs padded with
/// zeros. The layout does not depend on the instruction set. Immutable but for <see cref="Fill"/>; safe to share between threads.
/// </summary>
public sealed class PackedFloatMatrix
{
    private readonly AlignedBuffer<float> _panels;

    private PackedFloatMatrix(int outputs, int depth)
    {
        Outputs = outputs;
        Depth = depth;
        _panels = new AlignedBuffer<float>(checked(Panel.Count(outputs) * Panel.Width * depth));
    }

    /// <summary>Number of outputs <c>M</c>.</summary>
    public int Outputs { get; }

    /// <summary>Weights of one output <c>K</c>.</summary>
    public int Depth { get; }

    /// <summary>All panels, one after the other.</summary>
    internal ReadOnlySpan<float> Panels => _panels.Span;

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

    /// <summary>Replaces all weights, in the room taken before (for weights that change from step to step).</summary>
    /// <param name="weights">Weights [output][k], row-major, <see cref="Outputs"/> × <see cref="Depth"/>.</param>
    /// <exception cref="ArgumentException">The number of weights is not that of the shape.</exception>
    public void Fill(ReadOnlySpan<float> weights)
    {
        if (weights.Length != (long)Outputs * Depth)
            throw new ArgumentException($"{weights.Length} weights are not {Outputs} × {Depth}", nameof(weights));
        Panel.Fill(weights, Outputs, Depth, 1, _panels.Span);
    }
}
