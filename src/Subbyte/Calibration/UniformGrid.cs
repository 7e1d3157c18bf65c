using Subbyte.Lowering;

namespace Subbyte.Calibration;

/// <summary>
/// A uniform grid of real values <c>(q − ZeroPoint)·Scale</c>, q in <see cref="Codes"/>: scale and zero point made from a range (uniform
/// baselines, section 3.2). The range is searched in double; the scale is cast to float32 once, and all that follows uses the cast scale.
/// </summary>
/// <param name="Scale">Real value of one step, float32, &gt; 0.</param>
/// <param name="ZeroPoint">The code of real zero.</param>
/// <param name="Codes">The codes.</param>
public readonly record struct UniformGrid(float Scale, int ZeroPoint, CodeRange Codes)
{
    /// <summary>Symmetric narrow codes, for weights: s = clip/(2^(b−1) − 1), never −2^(b−1).</summary>
    /// <param name="clip">Largest magnitude that is represented, ≥ 0.</param>
    /// <param name="bits">Bits of a code, 2 … 16.</param>
    /// <returns>The grid.</returns>
    public static UniformGrid Narrow(double clip, int bits) => Symmetric(clip, CodeRange.Narrow(bits));

    /// <summary>All signed codes, for weights: s = 2·clip/(2^b − 1), codes −2^(b−1) … 2^(b−1) − 1 (the clip lies between codes).</summary>
    /// <param name="clip">Largest magnitude, ≥ 0.</param>
    /// <param name="bits">Bits of a code, 2 … 16.</param>
    /// <returns>The grid.</returns>
    public static UniformGrid Full(double clip, int bits) => new(Step(2 * clip, CodeRange.Unsigned(bits).Highest), 0, CodeRange.Signed(bits));

    /// <summary>Symmetric signed codes, for activations: the scale of <see cref="Narrow"/>, but −2^(b−1) occurs, as it does in ONNX QuantizeLinear.</summary>
    /// <param name="clip">Largest magnitude that is represented, ≥ 0.</param>
    /// <param name="bits">Bits of a code, 2 … 16.</param>
    /// <returns>The grid.</returns>
    public static UniformGrid Signed(double clip, int bits) => Symmetric(clip, CodeRange.Signed(bits));

    /// <summary>Unsigned codes for data without negative values: s = clip/(2^b − 1), zero point 0.</summary>
    /// <param name="clip">Largest value that is represented, ≥ 0.</param>
    /// <param name="bits">Bits of a code, 1 … 16.</param>
    /// <returns>The grid.</returns>
    public static UniformGrid Unsigned(double clip, int bits) => Symmetric(clip, CodeRange.Unsigned(bits));

    /// <summary>Asymmetric codes: the range, widened to hold zero exactly, on all 2^b codes.</summary>
    /// <param name="lowest">Smallest value.</param>
    /// <param name="highest">Largest value.</param>
    /// <param name="bits">Bits of a code, 1 … 16.</param>
    /// <param name="signed">Whether the codes are signed: the zero point is 2^(b−1) less then.</param>
    /// <returns>The grid.</returns>
    public static UniformGrid Asymmetric(double lowest, double highest, int bits, bool signed = false)
    {
        lowest = Math.Min(lowest, 0);
        highest = Math.Max(highest, 0);
        var unsigned = CodeRange.Unsigned(bits);
        var scale = Step(highest - lowest, unsigned.Highest);
        var zeroPoint = (int)Math.Clamp(Math.Round(-lowest / scale), 0, unsigned.Highest);
        return signed
            ? new UniformGrid(scale, zeroPoint - (1 << (bits - 1)), CodeRange.Signed(bits))
            : new UniformGrid(scale, zeroPoint, unsigned);
    }

    /// <summary>The grid with all codes and the zero point moved by <paramref name="shift"/>; the real values stay.</summary>
    /// <param name="shift">What is added to each code.</param>
    /// <returns>The moved grid.</returns>
    public UniformGrid Shifted(int shift) => new(Scale, ZeroPoint + shift, new CodeRange(Codes.Lowest + shift, Codes.Highest + shift));

    /// <summary>The code of a value: sat(round half to even(x/s) + z), the float32 division of ONNX QuantizeLinear.</summary>
    /// <param name="value">A value; NaN counts as 0.</param>
    /// <returns>Its code.</returns>
    public int Quantize(float value)
    {
        var quotient = value / Scale;
        if (float.IsNaN(quotient)) quotient = 0;
        return (int)MathF.Round(Math.Clamp(quotient, Codes.Lowest - ZeroPoint, Codes.Highest - ZeroPoint)) + ZeroPoint;
    }

    /// <summary>The value of a code.</summary>
    /// <param name="code">A code.</param>
    /// <returns>(code − z)·s in float32.</returns>
    public float Dequantize(int code) => (code - ZeroPoint) * Scale;

    private static UniformGrid Symmetric(double clip, CodeRange codes) => new(Step(clip, codes.Highest), 0, codes);

    /// <summary>A range that is empty, or too narrow for a float32 step, has step 1: all its codes are those of zero.</summary>
    private static float Step(double range, int steps)
    {
        var step = (float)(range / steps);
        return step > 0 ? step : 1;
    }
}
