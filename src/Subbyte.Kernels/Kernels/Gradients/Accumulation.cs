using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>Sums that gradients are added to.</summary>
internal static class Accumulation
{
    /// <summary>Adds elements to others.</summary>
    /// <param name="source">Summands.</param>
    /// <param name="destination">Sums, at least as long.</param>
    public static unsafe void Add(ReadOnlySpan<float> source, Span<float> destination)
    {
        var sums = destination[..source.Length];
        fixed (float* from = source, to = sums)
            LaneLoop.Run(new AddLoop(from, to), sums.Length);
    }

    /// <summary>Adds products to sums, fused: <c>sums = fma(x, y, sums)</c>.</summary>
    /// <param name="x">First factors.</param>
    /// <param name="y">Second factors, at least as many.</param>
    /// <param name="destination">Sums, at least as many.</param>
    public static unsafe void MultiplyAdd(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
    {
        var factors = y[..x.Length];
        var sums = destination[..x.Length];
        fixed (float* px = x, py = factors, to = sums)
            LaneLoop.Run(new MultiplyAddLoop(px, py, to), sums.Length);
    }

    private readonly unsafe struct AddLoop(float* source, float* sums) : ILaneLoop
    {
        private readonly float* _source = source, _sums = sums;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint i) where T : struct, IFloatLanes<T> => (T.Load(_sums + i) + T.Load(_source + i)).Store(_sums + i);
    }

    private readonly unsafe struct MultiplyAddLoop(float* x, float* y, float* sums) : ILaneLoop
    {
        private readonly float* _x = x, _y = y, _sums = sums;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint i) where T : struct, IFloatLanes<T>
            => T.FusedMultiplyAdd(T.Load(_x + i), T.Load(_y + i), T.Load(_sums + i)).Store(_sums + i);
    }
}
