namespace Subbyte.Methods.Sttn;

/// <summary>
/// The paper's datapath, value by value: two binary kernels on ternary activations, and the sub-block of section 3.6 with one rounding a written
/// operation.
/// </summary>
public static class SttnReference
{
    /// <summary>The dot product of activation codes with one binary kernel.</summary>
    /// <param name="codes">Activation codes −1, 0, 1.</param>
    /// <param name="latents">Latents of the kernel.</param>
    /// <returns>Σ t_a·sgn(V).</returns>
    public static int BranchDot(ReadOnlySpan<short> codes, ReadOnlySpan<float> latents)
    {
        var sum = 0;
        for (var k = 0; k < codes.Length; k++) sum += latents[k] >= 0 ? codes[k] : -codes[k];
        return sum;
    }

    /// <summary>One output of a layer as it is trained: two convolutions with a common scale, in integers until the scale.</summary>
    /// <param name="codes">Activation codes.</param>
    /// <param name="first">Clamped latents V₁ of the output channel.</param>
    /// <param name="second">Clamped latents V₂ of the output channel.</param>
    /// <param name="bias">Bias.</param>
    /// <returns>fl(α·(dot₁ + dot₂)) + bias.</returns>
    public static float Output(ReadOnlySpan<short> codes, ReadOnlySpan<float> first, ReadOnlySpan<float> second, float bias)
    {
        var product = SttnMerge.Scale(first, second) * (BranchDot(codes, first) + BranchDot(codes, second));
        return product + bias;
    }

    /// <summary>What follows a layer in a residual sub-block: batch norm, shortcut, PReLU.</summary>
    /// <param name="output">y, the layer's output.</param>
    /// <param name="factor">k of the batch norm.</param>
    /// <param name="summand">c of the batch norm.</param>
    /// <param name="shortcut">What bypasses the layer and both batch norms.</param>
    /// <param name="slope">Slope of the PReLU below zero.</param>
    /// <returns>p.</returns>
    public static float AfterLayer(float output, float factor, float summand, float shortcut, float slope)
    {
        var scaled = factor * output;
        var normalized = scaled + summand;
        var sum = normalized + shortcut;
        return sum >= 0 ? sum : slope * sum;
    }

    /// <summary>The next layer's code.</summary>
    /// <param name="value">What enters its batch norm.</param>
    /// <param name="factor">k of that batch norm.</param>
    /// <param name="summand">c of that batch norm.</param>
    /// <returns>−1, 0 or 1.</returns>
    public static int NextCode(float value, float factor, float summand)
    {
        var scaled = factor * value;
        return TernaryActivations.Code(scaled + summand);
    }
}
