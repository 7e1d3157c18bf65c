using System.Numerics;
using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>
/// Sums over the positions of a map, per channel. Position <c>p</c> goes to partial sum <c>p mod 4</c>, each in ascending position; the result
/// is (s₀ + s₁) + (s₂ + s₃).
/// </summary>
public static class ChannelSums
{
    private interface ITerm
    {
        static abstract float Add(float sum, float x, float y, float mean);

        static abstract Vector<float> Add(Vector<float> sum, Vector<float> x, Vector<float> y, Vector<float> mean);
    }

    /// <summary><c>Σ x</c>.</summary>
    /// <param name="x">Map [position][channel].</param>
    /// <param name="sums">Takes the sums, one per channel.</param>
    /// <exception cref="ArgumentException">The map does not have that many channels.</exception>
    public static void Sum(ReadOnlySpan<float> x, Span<float> sums) => Reduce<Plain>(x, x, sums, sums); // Plain looks at x alone.

    /// <summary><c>Σ (x − mean)²</c>, each a fused multiply-add.</summary>
    /// <param name="x">Map [position][channel].</param>
    /// <param name="mean">One number per channel.</param>
    /// <param name="sums">Takes the sums, one per channel.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void SquaredDeviations(ReadOnlySpan<float> x, ReadOnlySpan<float> mean, Span<float> sums) => Reduce<Square>(x, x, mean, sums);

    /// <summary><c>Σ (x − mean) · y</c>, each a fused multiply-add.</summary>
    /// <param name="x">Map [position][channel].</param>
    /// <param name="mean">One number per channel.</param>
    /// <param name="y">Another map, as long.</param>
    /// <param name="sums">Takes the sums, one per channel.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void DeviationProducts(ReadOnlySpan<float> x, ReadOnlySpan<float> mean, ReadOnlySpan<float> y, Span<float> sums) => Reduce<Product>(x, y, mean, sums);

    private static void Reduce<TTerm>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> mean, Span<float> sums)
        where TTerm : ITerm
    {
        var channels = sums.Length;
        if (mean.Length != channels || y.Length != x.Length || (x.Length > 0 && (channels == 0 || x.Length % channels != 0)))
            throw new ArgumentException($"maps of {x.Length} and {y.Length} elements and {mean.Length} means do not give {channels} sums", nameof(sums));
        var head = VectorLoop.Head(channels);
        for (var c = 0; c < head; c += Vector<float>.Count)
            VectorLoop.Store(ReduceVector<TTerm>(x, y, channels, c, VectorLoop.Load(mean, c)), sums, c);
        for (var c = head; c < channels; c++)
            sums[c] = ReduceOne<TTerm>(x, y, channels, c, mean[c]);
    }

    private static Vector<float> ReduceVector<TTerm>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int channels, int c, Vector<float> mean)
        where TTerm : ITerm
    {
        Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = c;
        for (; i + (3 * channels) < x.Length; i += 4 * channels)
        {
            s0 = Step(s0, x, y, i, mean);
            s1 = Step(s1, x, y, i + channels, mean);
            s2 = Step(s2, x, y, i + (2 * channels), mean);
            s3 = Step(s3, x, y, i + (3 * channels), mean);
        }

        if (i < x.Length) s0 = Step(s0, x, y, i, mean);
        if (i + channels < x.Length) s1 = Step(s1, x, y, i + channels, mean);
        if (i + (2 * channels) < x.Length) s2 = Step(s2, x, y, i + (2 * channels), mean);
        return (s0 + s1) + (s2 + s3);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector<float> Step(Vector<float> sum, ReadOnlySpan<float> x, ReadOnlySpan<float> y, int i, Vector<float> mean)
            => TTerm.Add(sum, VectorLoop.Load(x, i), VectorLoop.Load(y, i), mean);
    }

    private static float ReduceOne<TTerm>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int channels, int c, float mean)
        where TTerm : ITerm
    {
        Span<float> partial = stackalloc float[4];
        partial.Clear();
        for (int i = c, p = 0; i < x.Length; i += channels, p++)
            partial[p % 4] = TTerm.Add(partial[p % 4], x[i], y[i], mean);
        return (partial[0] + partial[1]) + (partial[2] + partial[3]);
    }

    private readonly struct Plain : ITerm
    {
        public static float Add(float sum, float x, float y, float mean) => sum + x;

        public static Vector<float> Add(Vector<float> sum, Vector<float> x, Vector<float> y, Vector<float> mean) => sum + x;
    }

    private readonly struct Square : ITerm
    {
        public static float Add(float sum, float x, float y, float mean) => MathF.FusedMultiplyAdd(x - mean, x - mean, sum);

        public static Vector<float> Add(Vector<float> sum, Vector<float> x, Vector<float> y, Vector<float> mean)
            => Vector.FusedMultiplyAdd(x - mean, x - mean, sum);
    }

    private readonly struct Product : ITerm
    {
        public static float Add(float sum, float x, float y, float mean) => MathF.FusedMultiplyAdd(x - mean, y, sum);

        public static Vector<float> Add(Vector<float> sum, Vector<float> x, Vector<float> y, Vector<float> mean)
            => Vector.FusedMultiplyAdd(x - mean, y, sum);
    }
}
