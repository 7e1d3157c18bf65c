namespace Subbyte.Lowering;

/// <summary>Integer arithmetic that every lowering shares.</summary>
public static class LoweringMath
{
    /// <summary>
    /// The offset that takes the zero point out of each sum: −Σt c_t·A_t(z)·ΣkW_t[m,k], where A_t(z) is what a term makes of the zero
    /// point alone. 0 when the zero point is 0.
    /// </summary>
    /// <param name="terms">Terms whose activation codes are elementwise when <paramref name="zeroPoint"/> is not 0.</param>
    /// <param name="zeroPoint">Code of real zero.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="slice">The run of k that the products sum over; null for whole rows.</param>
    /// <returns>Offsets [outputs].</returns>
    /// <exception cref="InvalidOperationException">A zero point other than 0 meets a code that is not elementwise.</exception>
    public static long[] ZeroPointOffsets(IReadOnlyList<ProductTerm> terms, int zeroPoint, DotProductLayer layer, DepthSlice? slice = null)
    {
        var (first, length) = slice is { } run ? (run.First, run.Length) : (0, layer.Depth);
        var offsets = new long[layer.Outputs];
        if (zeroPoint == 0) return offsets;
        Span<short> code = stackalloc short[1];
        foreach (var term in terms)
        {
            if (term.Activation.Reach != CodeReach.Element) throw new InvalidOperationException($"{layer.Name}: a zero point of {zeroPoint} needs elementwise activation codes");
            term.Activation.Encode([checked((short)zeroPoint)], 1, code);
            for (var m = 0; m < layer.Outputs; m++)
            {
                long sum = 0;
                foreach (var weight in term.Weights.AsSpan((m * layer.Depth) + first, length)) sum += weight;
                offsets[m] -= term.Coefficient * code[0] * sum;
            }
        }

        return offsets;
    }

    /// <summary>Integer biases: sat_int32(round(bias / sumScale[m])).</summary>
    /// <param name="bias">Float bias [outputs].</param>
    /// <param name="sumScales">Scale of each output's integer sum [outputs], see <see cref="SumScales"/>.</param>
    /// <param name="rounding">Half to even (ONNX), or half away from zero (Term Revealing).</param>
    /// <returns>Integer biases [outputs].</returns>
    public static long[] IntegerBias(ReadOnlySpan<float> bias, ReadOnlySpan<float> sumScales, MidpointRounding rounding)
    {
        var codes = new long[bias.Length];
        for (var m = 0; m < codes.Length; m++)
            codes[m] = sumScales[m] == 0 ? 0 : (long)Math.Clamp(Math.Round((double)(bias[m] / sumScales[m]), rounding), int.MinValue, int.MaxValue);
        return codes;
    }

    /// <summary>Scale of each output's integer sum: the float32 product inputScale·weightScale[m].</summary>
    /// <param name="inputScale">Scale of the activations.</param>
    /// <param name="weightScales">Scale of each output channel.</param>
    /// <returns>Scales [outputs].</returns>
    public static float[] SumScales(float inputScale, ReadOnlySpan<float> weightScales)
    {
        var scales = new float[weightScales.Length];
        for (var m = 0; m < scales.Length; m++) scales[m] = inputScale * weightScales[m];
        return scales;
    }

    /// <summary>Dequantized weights: the sum of a layer's planes in double, rounded once.</summary>
    /// <param name="planes">Weight planes.</param>
    /// <param name="depth">Length of a row.</param>
    /// <returns>Weights [outputs][depth].</returns>
    public static float[] Dequantize(IReadOnlyList<WeightPlane> planes, int depth)
    {
        var weights = new float[planes[0].Codes.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            double sum = 0;
            foreach (var plane in planes) sum += plane.Codes[i] * (double)plane.ScaleOf(i / depth, i % depth);
            weights[i] = (float)sum;
        }

        return weights;
    }

    /// <summary>The smallest float32 that is not below a threshold: a float32 reaches the one exactly when it reaches the other.</summary>
    /// <param name="threshold">The threshold.</param>
    /// <returns>Its float32 form.</returns>
    public static float NotBelow(double threshold)
    {
        var nearest = (float)threshold;
        return nearest < threshold ? MathF.BitIncrement(nearest) : nearest;
    }
}
