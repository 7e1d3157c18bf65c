using System.Numerics;

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
    public static void Clip(ReadOnlySpan<float> output, float lowest, float highest, ReadOnlySpan<float> outputGradient, bool accumulate, Span<float> inputGradient)
    {
        Check(output.Length, outputGradient.Length, inputGradient.Length);
        var head = VectorLoop.Head(output.Length);
        for (var i = 0; i < head; i += Vector<float>.Count)
        {
            var y = VectorLoop.Load(output, i);
            var passes = Vector.GreaterThan(y, new Vector<float>(lowest)) & Vector.LessThan(y, new Vector<float>(highest));
            var gradient = Vector.ConditionalSelect(passes, VectorLoop.Load(outputGradient, i), Vector<float>.Zero);
            VectorLoop.Store(accumulate ? VectorLoop.Load(inputGradient, i) + gradient : gradient, inputGradient, i);
        }

        for (var i = head; i < output.Length; i++)
        {
            var gradient = output[i] > lowest && output[i] < highest ? outputGradient[i] : 0f;
            inputGradient[i] = accumulate ? inputGradient[i] + gradient : gradient;
        }
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
    public static void Normalization(ReadOnlySpan<float> x, ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> mean, ReadOnlySpan<float> scale, ReadOnlySpan<float> slope, ReadOnlySpan<float> shift, bool accumulate, Span<float> inputGradient)
    {
        Check(x.Length, outputGradient.Length, inputGradient.Length);
        var channels = mean.Length;
        if (scale.Length != channels || slope.Length != channels || shift.Length != channels || (x.Length > 0 && (channels == 0 || x.Length % channels != 0)))
            throw new ArgumentException($"{channels} means, {scale.Length} scales, {slope.Length} slopes and {shift.Length} shifts do not serve {x.Length} elements", nameof(mean));
        var head = VectorLoop.Head(channels);
        for (var start = 0; start < x.Length; start += channels)
        {
            for (var c = 0; c < head; c += Vector<float>.Count)
            {
                var deviation = VectorLoop.Load(x, start + c) - VectorLoop.Load(mean, c);
                var gradient = Vector.FusedMultiplyAdd(VectorLoop.Load(slope, c), deviation, VectorLoop.Load(shift, c));
                gradient = Vector.FusedMultiplyAdd(VectorLoop.Load(scale, c), VectorLoop.Load(outputGradient, start + c), gradient);
                VectorLoop.Store(accumulate ? VectorLoop.Load(inputGradient, start + c) + gradient : gradient, inputGradient, start + c);
            }

            for (var c = head; c < channels; c++)
            {
                var gradient = MathF.FusedMultiplyAdd(slope[c], x[start + c] - mean[c], shift[c]);
                gradient = MathF.FusedMultiplyAdd(scale[c], outputGradient[start + c], gradient);
                inputGradient[start + c] = accumulate ? inputGradient[start + c] + gradient : gradient;
            }
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
        if (accumulate) VectorLoop.Add(outputGradient, inputGradient);
        else outputGradient.CopyTo(inputGradient);
    }

    private static void Check(int x, int outputGradient, int inputGradient)
    {
        if (x != outputGradient || x != inputGradient)
            throw new ArgumentException($"operands of {x} and {outputGradient} elements do not give {inputGradient} gradients", nameof(inputGradient));
    }
}
