using Subbyte.Kernels;

namespace Subbyte.Methods.AdaRound;

/// <summary>
/// The soft rounding of AdaRound: <c>h(v) = clamp(σ(v)·(ζ − γ) + γ, 0, 1)</c> with ζ = 1.1 and γ = −0.1, which reaches 0 and 1 where a sigmoid
/// only tends to them, and the regularizer <c>1 − |2h − 1|^β</c> that drives it there.
/// </summary>
public static class RectifiedSigmoid
{
    private const float Highest = 1.1f;
    private const float Lowest = -0.1f;

    /// <summary>ζ − γ.</summary>
    public const float Stretch = Highest - Lowest;

    /// <summary>h of a sigmoid.</summary>
    /// <param name="sigmoid">σ(v).</param>
    /// <returns>h(v), 0 … 1.</returns>
    public static float Of(float sigmoid) => Math.Clamp((sigmoid * Stretch) + Lowest, 0, 1);

    /// <summary>The v whose h is a given share.</summary>
    /// <param name="share">h(v), 0 … 1.</param>
    /// <returns>v = −ln((ζ − γ)/(h − γ) − 1).</returns>
    public static float Inverse(double share) => (float)-Transcendental.Log(((Highest - (double)Lowest) / (share - Lowest)) - 1);

    /// <summary>h′(v) of a sigmoid: (ζ − γ)·σ·(1 − σ), 0 where h is clamped.</summary>
    /// <param name="sigmoid">σ(v).</param>
    /// <returns>The slope.</returns>
    public static float Slope(float sigmoid) => Of(sigmoid) is > 0 and < 1 ? Stretch * sigmoid * (1 - sigmoid) : 0;

    /// <summary>The derivative of 1 − |2h − 1|^β: −2β·sign(2h − 1)·|2h − 1|^(β − 1).</summary>
    /// <param name="share">h.</param>
    /// <param name="power">|2h − 1|^(β − 1).</param>
    /// <param name="beta">β.</param>
    /// <returns>The derivative by h.</returns>
    public static float Pull(float share, float power, float beta) => share == 0.5f ? 0 : -2 * beta * Math.Sign(share - 0.5f) * power;
}
