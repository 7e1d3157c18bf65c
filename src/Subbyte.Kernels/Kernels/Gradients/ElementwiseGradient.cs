using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>Gradients of elementwise operators on feature maps, written or added to what is there.</summary>
public static class ElementwiseGradient
{
    /// <summary>Of a clamp: the gradient passes where the result lies strictly between the ends.</summary>
    /// <param name="output">Result of the clamp.</param>
    /// <param name="lowest">Lower end (0 for ReLU, −∞ for none).</param>
    /// <param name="highest">Upper end (+∞ for none).</param>
    /// <param name="outputGradient">Gradient of the result, as long.</param>
    /// <param name="accumulate">Whether to add to the destination.</param>
    /// <param name="inputGradient">Gradient of the operand, as long; it may be the memory of <paramref name="outputGradient"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static unsafe void Clip(ReadOnlySpan<float> output, float lowest, float highest, ReadOnlySpan<float> outputGradient, bool accumulate, Span<float> inputGradient)
    {
        Check(output.Length, outputGradient.Length, inputGradient.Length);
        fixed (float* y = output, dy = outputGradient, dx = inputGradient)
            LaneLoop.Run(new ClipLoop(y, dy, dx, lowest, highest, accumulate), output.Length);
    }

    /// <summary>
    /// Of batch normalization with the statistics of the batch, per channel:
    /// <c>dx = fma(scale, dy, fma(slope, x − mean, shift))</c>, where with <c>s = γ/√(σ² + ε)</c> over <c>n</c> values
    /// <c>scale = s</c>, <c>slope = −s·Σ(dy·(x − mean)) / ((σ² + ε)·n)</c>, <c>shift = −s·Σdy / n</c>.
    /// </summary>
    /// <param name="x">Operand [position][channel].</param>
    /// <param name="outputGradient">Gradient of the result, as long.</param>
    /// <param name="mean">Mean of the batch, one number per channel.</param>
    /// <param name="scale">Factor of the gradient, per channel.</param>
    /// <param name="slope">Factor of the deviation, per channel.</param>
    /// <param name="shift">Summand, per channel.</param>
    /// <param name="accumulate">Whether to add to the destination.</param>
    /// <param name="inputGradient">Gradient of the operand, as long; it may be the memory of <paramref name="outputGradient"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static unsafe void Normalization(ReadOnlySpan<float> x, ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> mean, ReadOnlySpan<float> scale, ReadOnlySpan<float> slope, ReadOnlySpan<float> shift, bool accumulate, Span<float> inputGradient)
    {
        Check(x.Length, outputGradient.Length, inputGradient.Length);
        var channels = mean.Length;
        if (scale.Length != channels || slope.Length != channels || shift.Length != channels || (x.Length > 0 && (channels == 0 || x.Length % channels != 0)))
            throw new ArgumentException($"{channels} means, {scale.Length} scales, {slope.Length} slopes and {shift.Length} shifts do not serve {x.Length} elements", nameof(mean));
        fixed (float* px = x, dy = outputGradient, m = mean, k = scale, a = slope, b = shift, dx = inputGradient)
        {
            for (nint start = 0; start < x.Length; start += channels)
                LaneLoop.Run(new NormalizationLoop(px + start, dy + start, m, k, a, b, dx + start, accumulate), channels);
        }
    }

    /// <summary>Of anything that hands its gradient on unchanged.</summary>
    /// <param name="outputGradient">Gradient of the result.</param>
    /// <param name="accumulate">Whether to add to the destination.</param>
    /// <param name="inputGradient">Gradient of the operand, as long.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Identity(ReadOnlySpan<float> outputGradient, bool accumulate, Span<float> inputGradient)
    {
        Check(outputGradient.Length, outputGradient.Length, inputGradient.Length);
        if (accumulate) Accumulation.Add(outputGradient, inputGradient);
        else outputGradient.CopyTo(inputGradient);
    }

    private readonly unsafe struct ClipLoop(float* output, float* outputGradient, float* inputGradient, float lowest, float highest, bool accumulate) : ILaneLoop
    {
        private readonly float* _output = output, _outputGradient = outputGradient, _inputGradient = inputGradient;
        private readonly float _lowest = lowest, _highest = highest;
        private readonly bool _accumulate = accumulate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint i) where T : struct, IFloatLanes<T>
        {
            var y = T.Load(_output + i);
            var gradient = T.Load(_outputGradient + i) & (y > T.Create(_lowest)) & (y < T.Create(_highest));
            if (_accumulate) gradient = T.Load(_inputGradient + i) + gradient;
            gradient.Store(_inputGradient + i);
        }
    }

    private readonly unsafe struct NormalizationLoop(float* x, float* outputGradient, float* mean, float* scale, float* slope, float* shift, float* inputGradient, bool accumulate) : ILaneLoop
    {
        private readonly float* _x = x, _outputGradient = outputGradient, _mean = mean, _scale = scale, _slope = slope, _shift = shift, _inputGradient = inputGradient;
        private readonly bool _accumulate = accumulate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(nint i) where T : struct, IFloatLanes<T>
        {
            var deviation = T.Load(_x + i) - T.Load(_mean + i);
            var gradient = T.FusedMultiplyAdd(T.Load(_slope + i), deviation, T.Load(_shift + i));
            gradient = T.FusedMultiplyAdd(T.Load(_scale + i), T.Load(_outputGradient + i), gradient);
            if (_accumulate) gradient = T.Load(_inputGradient + i) + gradient;
            gradient.Store(_inputGradient + i);
        }
    }

    private static void Check(int x, int outputGradient, int inputGradient)
    {
        if (x != outputGradient || x != inputGradient)
            throw new ArgumentException($"operands of {x} and {outputGradient} elements do not give {inputGradient} gradients", nameof(inputGradient));
    }
}
