using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>Gradients of the functions of <see cref="Activations"/> and <see cref="Transcendental"/>, written or added to what is there.</summary>
public static class ActivationGradient
{
    private interface IDerivative
    {
        /// <summary>The derivative where the operand or the result (whichever the function goes by) is <paramref name="v"/>.</summary>
        T At<T>(T v) where T : struct, IFloatLanes<T>;
    }

    /// <summary>Of the logistic function: <c>dy·(y·(1 − y))</c>.</summary>
    /// <param name="output">Result of the function.</param>
    /// <param name="outputGradient">Gradient of the result, as long.</param>
    /// <param name="accumulate">Whether to add to the destination.</param>
    /// <param name="inputGradient">Gradient of the operand, as long.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Sigmoid(ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, bool accumulate, Span<float> inputGradient)
        => Apply(output, outputGradient, accumulate, inputGradient, default(SigmoidDerivative));

    /// <summary>Of the hyperbolic tangent: <c>dy·fma(−y, y, 1)</c>.</summary>
    /// <param name="output">Result of the function.</param>
    /// <param name="outputGradient">Gradient of the result, as long.</param>
    /// <param name="accumulate">Whether to add to the destination.</param>
    /// <param name="inputGradient">Gradient of the operand, as long.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Tanh(ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, bool accumulate, Span<float> inputGradient)
        => Apply(output, outputGradient, accumulate, inputGradient, default(TanhDerivative));

    /// <summary>Of the leaky ReLU: <c>dy</c> where the operand is not negative, <c>α·dy</c> below.</summary>
    /// <param name="input">Operand of the function.</param>
    /// <param name="alpha">Slope below 0.</param>
    /// <param name="outputGradient">Gradient of the result, as long.</param>
    /// <param name="accumulate">Whether to add to the destination.</param>
    /// <param name="inputGradient">Gradient of the operand, as long.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void LeakyRelu(ReadOnlySpan<float> input, float alpha, ReadOnlySpan<float> outputGradient, bool accumulate, Span<float> inputGradient)
        => Apply(input, outputGradient, accumulate, inputGradient, new LeakyReluDerivative(alpha));

    /// <summary>Of the hard sigmoid: <c>α·dy</c> where the result lies strictly between 0 and 1.</summary>
    /// <param name="output">Result of the function.</param>
    /// <param name="alpha">Slope.</param>
    /// <param name="outputGradient">Gradient of the result, as long.</param>
    /// <param name="accumulate">Whether to add to the destination.</param>
    /// <param name="inputGradient">Gradient of the operand, as long.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void HardSigmoid(ReadOnlySpan<float> output, float alpha, ReadOnlySpan<float> outputGradient, bool accumulate, Span<float> inputGradient)
        => Apply(output, outputGradient, accumulate, inputGradient, new HardSigmoidDerivative(alpha));

    /// <summary>Of the hard swish: 0 up to −3, <c>dy·(x/3 + ½)</c> up to 3, <c>dy</c> above.</summary>
    /// <param name="input">Operand of the function.</param>
    /// <param name="outputGradient">Gradient of the result, as long.</param>
    /// <param name="accumulate">Whether to add to the destination.</param>
    /// <param name="inputGradient">Gradient of the operand, as long.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void HardSwish(ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, bool accumulate, Span<float> inputGradient)
        => Apply(input, outputGradient, accumulate, inputGradient, default(HardSwishDerivative));

    private static unsafe void Apply<TDerivative>(ReadOnlySpan<float> values, ReadOnlySpan<float> outputGradient, bool accumulate, Span<float> inputGradient, TDerivative derivative)
        where TDerivative : struct, IDerivative
    {
        if (values.Length != outputGradient.Length || values.Length != inputGradient.Length)
            throw new ArgumentException($"{values.Length} values and {outputGradient.Length} gradients do not give {inputGradient.Length} gradients", nameof(inputGradient));
        fixed (float* v = values, dy = outputGradient, dx = inputGradient)
            LaneLoop.Run(new DerivativeLoop<TDerivative>(v, dy, dx, accumulate, derivative), values.Length);
    }

    private readonly unsafe struct DerivativeLoop<TDerivative>(float* values, float* outputGradient, float* inputGradient, bool accumulate, TDerivative derivative) : ILaneLoop
        where TDerivative : struct, IDerivative
    {
        private readonly float* _values = values, _outputGradient = outputGradient, _inputGradient = inputGradient;
        private readonly bool _accumulate = accumulate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint i) where T : struct, IFloatLanes<T>
        {
            var gradient = T.Load(_outputGradient + i) * derivative.At(T.Load(_values + i));
            if (_accumulate) gradient = T.Load(_inputGradient + i) + gradient;
            gradient.Store(_inputGradient + i);
        }
    }

    private readonly struct SigmoidDerivative : IDerivative
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T At<T>(T v) where T : struct, IFloatLanes<T> => v * (T.Create(1) - v);
    }

    private readonly struct TanhDerivative : IDerivative
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T At<T>(T v) where T : struct, IFloatLanes<T> => T.FusedMultiplyAdd(T.Create(0) - v, v, T.Create(1));
    }

    private readonly struct LeakyReluDerivative(float alpha) : IDerivative
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T At<T>(T v) where T : struct, IFloatLanes<T> => T.Select(v < T.Create(0), T.Create(alpha), T.Create(1));
    }

    private readonly struct HardSigmoidDerivative(float alpha) : IDerivative
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T At<T>(T v) where T : struct, IFloatLanes<T> => T.Create(alpha) & (v > T.Create(0)) & (v < T.Create(1));
    }

    private readonly struct HardSwishDerivative : IDerivative
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T At<T>(T v) where T : struct, IFloatLanes<T>
        {
            var slope = T.FusedMultiplyAdd(v, T.Create(1f / 3), T.Create(0.5f));
            return T.Select(v > T.Create(3), T.Create(1), slope & (v > T.Create(-3)));
        }
    }
}
