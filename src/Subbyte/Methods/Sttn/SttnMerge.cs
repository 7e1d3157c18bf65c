using Subbyte.Methods.Training;

namespace Subbyte.Methods.Sttn;

/// <summary>
/// The merge of two binary kernels into one ternary kernel (section 3.5): <c>t = (B₁ + B₂)/2</c>, <c>τ = 2α</c>, bias c₁ + c₂. In integers it is exact:
/// <c>dot(x, B₁) + dot(x, B₂) = 2·dot(x, t)</c>.
/// </summary>
public static class SttnMerge
{
    /// <summary>The common scale of a channel's two latents, <c>α = (‖V₁‖₁ + ‖V₂‖₁) / 2n</c>, summed in double and rounded once.</summary>
    /// <param name="first">Clamped latents V₁ of the channel.</param>
    /// <param name="second">Clamped latents V₂ of the channel.</param>
    /// <returns>α.</returns>
    public static float Scale(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
        => (float)((LatentSigns.AbsoluteSum(first) + LatentSigns.AbsoluteSum(second)) / (2.0 * first.Length));

    /// <summary>Merges a channel.</summary>
    /// <param name="first">Clamped latents V₁ of the channel.</param>
    /// <param name="second">Clamped latents V₂ of the channel.</param>
    /// <param name="codes">Takes t, −1, 0 or 1.</param>
    /// <returns>τ = 2α.</returns>
    public static float Merge(ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<short> codes)
    {
        for (var k = 0; k < codes.Length; k++) codes[k] = (short)((LatentSigns.Of(first[k]) + LatentSigns.Of(second[k])) / 2);
        return 2 * Scale(first, second);
    }
}
