namespace Subbyte.Kernels;

/// <summary>
/// Signed 8-bit weights of a dot-product layer, laid out for <see cref="Int8Gemm"/>: panels of 16 outputs, [panel][k / 4][output][k mod 4],
/// padded with zeros. The layout does not depend on the instruction set. Immutable; safe to share between threads.
/// </summary>
public sealed class PackedInt8Matrix
{
    /// <summary>Neighbouring <c>k</c> that one 32-bit lane multiplies at once.</summary>
    internal const int Step = 4;

    private readonly AlignedBuffer<sbyte> _panels;
    private PackedInt16Matrix? _widened;

    private PackedInt8Matrix(int outputs, int depth)
    {
        Outputs = outputs;
        Depth = depth;
        PaddedDepth = checked(depth + Step - 1) / Step * Step;
        _panels = new AlignedBuffer<sbyte>(checked(Panel.Count(outputs) * Panel.Width * PaddedDepth));
    }

    /// <summary>Number of outputs <c>M</c>.</summary>
    public int Outputs { get; }

    /// <summary>Weights of one output <c>K</c>.</summary>
    public int Depth { get; }

    /// <summary><see cref="Depth"/> rounded up to a multiple of 4: the bytes of each row of activations that are read.</summary>
    public int PaddedDepth { get; }

    /// <summary>Largest magnitude of a weight, 0 to 128; it proves how many products fit 16 bits.</summary>
    public int LargestMagnitude { get; private init; }

    /// <summary>Steps whose products are known to fit sums of 16 bits, whatever the activations; 0 where nothing but <see cref="LargestMagnitude"/> is known.</summary>
    internal int KnownStepsOfShortSum { get; set; }

    /// <summary>Steps of <c>k</c>.</summary>
    internal int Steps => PaddedDepth / Step;

    /// <summary>The same weights in 16 bits, made when first asked for: where pairs of products do not fit 16 bits and AVX-VNNI is missing.</summary>
    internal PackedInt16Matrix Widened => _widened ?? Interlocked.CompareExchange(ref _widened, Widen(), null) ?? _widened;

    /// <summary>All panels, one after the other.</summary>
    internal ReadOnlySpan<sbyte> Panels => _panels.Span;

    /// <summary>The memory of the panels.</summary>
    internal Span<sbyte> Room => _panels.Span;

    /// <summary>Packs row-major weights.</summary>
    /// <param name="weights">Weights [output][k], row-major, <paramref name="outputs"/> × <paramref name="depth"/>.</param>
    /// <param name="outputs">Number of outputs, ≥ 0.</param>
    /// <param name="depth">Weights of one output, ≥ 0.</param>
    /// <returns>The packed matrix.</returns>
    /// <exception cref="ArgumentException">The number of weights is not that of the shape.</exception>
    public static PackedInt8Matrix Pack(ReadOnlySpan<sbyte> weights, int outputs, int depth)
    {
        if (weights.Length != (long)outputs * depth)
            throw new ArgumentException($"{weights.Length} weights are not {outputs} × {depth}", nameof(weights));
        var largest = 0;
        foreach (var weight in weights)
            largest = Math.Max(largest, Math.Abs((int)weight));
        var packed = new PackedInt8Matrix(outputs, depth) { LargestMagnitude = largest };
        Panel.Fill(weights, outputs, depth, Step, packed._panels.Span);
        return packed;
    }

    /// <summary>A matrix of zeros whose panels its owner fills again and again through <see cref="Room"/>.</summary>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="depth">Weights of one output.</param>
    /// <param name="largestMagnitude">Largest magnitude of the weights that it will hold, at most 64: nothing is widened.</param>
    internal static PackedInt8Matrix Empty(int outputs, int depth, int largestMagnitude) => new(outputs, depth) { LargestMagnitude = largestMagnitude };

    private PackedInt16Matrix Widen()
    {
        var weights = new short[Outputs * Depth];
        for (var i = 0; i < weights.Length; i++)
        {
            var (output, k) = Math.DivRem(i, Depth);
            weights[i] = Panels[(output / Panel.Width * Panel.Width * PaddedDepth) + (k / Step * Step * Panel.Width) + (output % Panel.Width * Step) + (k % Step)];
        }
        return PackedInt16Matrix.Pack(weights, Outputs, Depth);
    }
}
