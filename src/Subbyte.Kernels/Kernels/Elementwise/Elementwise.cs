namespace Subbyte.Kernels;

/// <summary>
/// Elementwise work on float feature maps. Results may be written over an operand, but may not overlap one otherwise. Clamping lets NaN
/// through and leaves −0 as it is: <c>t = lowest &gt; x ? lowest : x; d = highest &lt; t ? highest : t</c>.
/// </summary>
public static partial class Elementwise
{
    /// <summary>Clamps: ReLU with (0, +∞), ReLU6 with (0, 6).</summary>
    /// <param name="x">Operand.</param>
    /// <param name="lowest">Lower end, −∞ for none.</param>
    /// <param name="highest">Upper end, +∞ for none.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static unsafe void Clip(ReadOnlySpan<float> x, float lowest, float highest, Span<float> d)
    {
        Check(x.Length, x.Length, d.Length);
        fixed (float* px = x, pd = d)
            RowLoop.Run<ClipOperator>(new RowOperands(px, lowest: lowest, highest: highest), pd, x.Length);
    }

    /// <summary>Adds and clamps: a residual connection with the activation that follows.</summary>
    /// <param name="x">First operand.</param>
    /// <param name="y">Second operand, as long.</param>
    /// <param name="d">Result, as long.</param>
    /// <param name="lowest">Lower end, −∞ for none.</param>
    /// <param name="highest">Upper end, +∞ for none.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static unsafe void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> d, float lowest = float.NegativeInfinity, float highest = float.PositiveInfinity)
    {
        Check(x.Length, y.Length, d.Length);
        fixed (float* px = x, py = y, pd = d)
            RowLoop.Run<AddOperator>(new RowOperands(px, py, lowest: lowest, highest: highest), pd, x.Length);
    }

    /// <summary>
    /// One affine function per channel, for maps with the channel innermost: <c>d = clamp(fma(x, scale[c], shift[c]))</c>, one rounding. Batch
    /// normalization is this with <c>scale = γ / √(σ² + ε)</c> and <c>shift = β − μ · scale</c>.
    /// </summary>
    /// <param name="x">Operand [position][channel].</param>
    /// <param name="scale">One factor per channel.</param>
    /// <param name="shift">One summand per channel, as many.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <param name="lowest">Lower end, −∞ for none.</param>
    /// <param name="highest">Upper end, +∞ for none.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static unsafe void Affine(ReadOnlySpan<float> x, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, Span<float> d, float lowest = float.NegativeInfinity, float highest = float.PositiveInfinity)
    {
        Check(x.Length, x.Length, d.Length);
        if (scale.Length != shift.Length || (x.Length > 0 && (scale.IsEmpty || x.Length % scale.Length != 0)))
            throw new ArgumentException($"{scale.Length} scales and {shift.Length} shifts do not serve {x.Length} elements", nameof(scale));
        fixed (float* px = x, pscale = scale, pshift = shift, pd = d)
        {
            nint channels = scale.Length, rows = x.Length / Math.Max(1, scale.Length);
            var done = Cpu.HasAvx512 ? Panels512(px, rows, channels, pscale, pshift, lowest, highest, pd) : 0;
            RowLoop.Run<AffineOperator>(new RowOperands(px + done, pscale + done, pshift + done, lowest: lowest, highest: highest), channels, pd + done, channels, done == channels ? 0 : rows, channels - done);
        }
    }

    /// <summary>One slope per channel for negative values, channels innermost: <c>d = max(x, 0) + min(x, 0) · slope[c]</c>, each operation rounded; NaN stays.</summary>
    /// <param name="x">Operand [position][channel].</param>
    /// <param name="slopes">One slope per channel.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static unsafe void Slope(ReadOnlySpan<float> x, ReadOnlySpan<float> slopes, Span<float> d)
    {
        Check(x.Length, x.Length, d.Length);
        if (x.Length > 0 && (slopes.IsEmpty || x.Length % slopes.Length != 0)) throw new ArgumentException($"{slopes.Length} slopes do not serve {x.Length} elements", nameof(slopes));
        fixed (float* px = x, ps = slopes, pd = d)
            RowLoop.Run<SlopeOperator>(new RowOperands(px, ps), slopes.Length, pd, slopes.Length, x.Length / Math.Max(1, slopes.Length), slopes.Length);
    }

    private static void Check(int x, int y, int d)
    {
        if (x != y || x != d)
            throw new ArgumentException($"operands of {x} and {y} elements do not give {d} results", nameof(d));
    }
}
