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
        static abstract T Add<T>(T sum, T x, T y, T mean) where T : struct, IFloatLanes<T>;
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

    private static unsafe void Reduce<TTerm>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> mean, Span<float> sums)
        where TTerm : ITerm
    {
        var channels = sums.Length;
        if (mean.Length != channels || y.Length != x.Length || (x.Length > 0 && (channels == 0 || x.Length % channels != 0)))
            throw new ArgumentException($"maps of {x.Length} and {y.Length} elements and {mean.Length} means do not give {channels} sums", nameof(sums));
        fixed (float* px = x, py = y, m = mean, to = sums)
            LaneLoop.Run(new ReduceLoop<TTerm>(px, py, m, to, channels, x.Length), channels);
    }

    private readonly unsafe struct ReduceLoop<TTerm>(float* x, float* y, float* mean, float* sums, nint channels, nint length) : ILaneLoop where TTerm : ITerm
    {
        private readonly float* _x = x, _y = y, _mean = mean, _sums = sums;
        private readonly nint _channels = channels, _length = length;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint c) where T : struct, IFloatLanes<T>
        {
            T s0 = T.Create(0), s1 = s0, s2 = s0, s3 = s0, center = T.Load(_mean + c);
            nint i = c, step = _channels;
            for (; i + (3 * step) < _length; i += 4 * step)
            {
                s0 = Step(s0, i, center);
                s1 = Step(s1, i + step, center);
                s2 = Step(s2, i + (2 * step), center);
                s3 = Step(s3, i + (3 * step), center);
            }

            if (i < _length) s0 = Step(s0, i, center);
            if (i + step < _length) s1 = Step(s1, i + step, center);
            if (i + (2 * step) < _length) s2 = Step(s2, i + (2 * step), center);
            ((s0 + s1) + (s2 + s3)).Store(_sums + c);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private T Step<T>(T sum, nint i, T center) where T : struct, IFloatLanes<T> => TTerm.Add(sum, T.Load(_x + i), T.Load(_y + i), center);
    }

    private readonly struct Plain : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Add<T>(T sum, T x, T y, T mean) where T : struct, IFloatLanes<T> => sum + x;
    }

    private readonly struct Square : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Add<T>(T sum, T x, T y, T mean) where T : struct, IFloatLanes<T> => T.FusedMultiplyAdd(x - mean, x - mean, sum);
    }

    private readonly struct Product : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Add<T>(T sum, T x, T y, T mean) where T : struct, IFloatLanes<T> => T.FusedMultiplyAdd(x - mean, y, sum);
    }
}
