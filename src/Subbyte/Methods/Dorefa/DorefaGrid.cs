using Subbyte.Kernels;

namespace Subbyte.Methods.Dorefa;

/// <summary>DoReFa's codes (KURE, section 3.1): weights <c>2·rne(o·s)/s − 1</c> with <c>o = tanh(w)/(2·max|tanh|) + ½</c> and <c>s = (2^b − 1)·ratio</c>; there is no zero.</summary>
public static class DorefaGrid
{
    /// <summary>Quantizes a weight tensor.</summary>
    /// <param name="weights">Master weights.</param>
    /// <param name="bits">Bits b, 2 … 8.</param>
    /// <param name="ratio">What multiplies s; 1 in training, others for the sweep of steps.</param>
    /// <param name="quantized">Takes the quantized weights.</param>
    public static void Quantize(ReadOnlySpan<float> weights, int bits, double ratio, Span<float> quantized)
    {
        var levels = (float)(((1 << bits) - 1) * ratio);
        var largest = Normalize(weights, quantized);
        if (largest == 0) return;
        for (var i = 0; i < quantized.Length; i++)
        {
            var rounded = MathF.Round(((quantized[i] / (2 * largest)) + 0.5f) * levels) / levels;
            quantized[i] = (2 * rounded) - 1;
        }
    }

    /// <summary>tanh of weights.</summary>
    /// <param name="weights">Weights.</param>
    /// <param name="hyperbolic">Takes tanh(w).</param>
    /// <returns>The largest magnitude.</returns>
    internal static float Normalize(ReadOnlySpan<float> weights, Span<float> hyperbolic)
    {
        Transcendental.Tanh(weights, hyperbolic);
        var largest = 0f;
        foreach (var value in hyperbolic) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}
