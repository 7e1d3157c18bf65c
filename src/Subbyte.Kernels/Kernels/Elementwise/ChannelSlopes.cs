using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>PReLU with one slope a channel (He et al., "Delving deep into rectifiers", ICCV 2015), channels innermost, and its gradients.</summary>
public static class ChannelSlopes
{
    /// <summary>x where it is not negative, slope·x below.</summary>
    /// <param name="x">Operand, [pixel][channel].</param>
    /// <param name="slopes">A slope a channel.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static unsafe void Run(ReadOnlySpan<float> x, ReadOnlySpan<float> slopes, Span<float> d)
    {
        Check(x.Length, slopes.Length, d.Length, d.Length);
        fixed (float* px = x, a = slopes, pd = d)
        {
            for (nint start = 0; start < x.Length; start += slopes.Length) LaneLoop.Run(new ValueLoop(px + start, a, pd + start), slopes.Length);
        }
    }

    /// <summary>Of the operand: <c>dy</c> where it is not negative, <c>slope·dy</c> below.</summary>
    /// <param name="x">Operand, [pixel][channel].</param>
    /// <param name="slopes">A slope a channel.</param>
    /// <param name="outputGradient">Gradient of the result, as long.</param>
    /// <param name="accumulate">Whether to add to the destination.</param>
    /// <param name="inputGradient">Gradient of the operand, as long.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static unsafe void InputGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> slopes, ReadOnlySpan<float> outputGradient, bool accumulate, Span<float> inputGradient)
    {
        Check(x.Length, slopes.Length, outputGradient.Length, inputGradient.Length);
        fixed (float* px = x, a = slopes, dy = outputGradient, dx = inputGradient)
        {
            for (nint start = 0; start < x.Length; start += slopes.Length) LaneLoop.Run(new GradientLoop(px + start, a, dy + start, dx + start, accumulate), slopes.Length);
        }
    }

    /// <summary>What each element adds to the gradient of its channel's slope: <c>x·dy</c> where x is negative, 0 elsewhere.</summary>
    /// <param name="x">Operand.</param>
    /// <param name="outputGradient">Gradient of the result, as long.</param>
    /// <param name="products">Takes the products, as long.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static unsafe void SlopeProducts(ReadOnlySpan<float> x, ReadOnlySpan<float> outputGradient, Span<float> products)
    {
        Check(x.Length, 1, outputGradient.Length, products.Length);
        fixed (float* px = x, dy = outputGradient, d = products) LaneLoop.Run(new ProductLoop(px, dy, d), x.Length);
    }

    private static void Check(int x, int slopes, int other, int result)
    {
        if (x != other || x != result || (x > 0 && (slopes == 0 || x % slopes != 0)))
            throw new ArgumentException($"operands of {x} and {other} elements and {slopes} slopes do not give {result} elements", nameof(x));
    }

    private readonly unsafe struct ValueLoop(float* x, float* slopes, float* d) : ILaneLoop
    {
        private readonly float* _x = x, _slopes = slopes, _d = d;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint i) where T : struct, IFloatLanes<T>
        {
            var v = T.Load(_x + i);
            T.Select(v < T.Create(0), v * T.Load(_slopes + i), v).Store(_d + i);
        }
    }

    private readonly unsafe struct GradientLoop(float* x, float* slopes, float* outputGradient, float* inputGradient, bool accumulate) : ILaneLoop
    {
        private readonly float* _x = x, _slopes = slopes, _outputGradient = outputGradient, _inputGradient = inputGradient;
        private readonly bool _accumulate = accumulate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint i) where T : struct, IFloatLanes<T>
        {
            var gradient = T.Load(_outputGradient + i);
            gradient = T.Select(T.Load(_x + i) < T.Create(0), gradient * T.Load(_slopes + i), gradient);
            if (_accumulate) gradient = T.Load(_inputGradient + i) + gradient;
            gradient.Store(_inputGradient + i);
        }
    }

    private readonly unsafe struct ProductLoop(float* x, float* outputGradient, float* products) : ILaneLoop
    {
        private readonly float* _x = x, _outputGradient = outputGradient, _products = products;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint i) where T : struct, IFloatLanes<T>
        {
            var v = T.Load(_x + i);
            ((v * T.Load(_outputGradient + i)) & (v < T.Create(0))).Store(_products + i);
        }
    }
}
