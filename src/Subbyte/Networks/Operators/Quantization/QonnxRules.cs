namespace Subbyte.Networks.Operators;

/// <summary>The value of one element under a scale and a zero point.</summary>
internal interface IQonnxRule
{
    /// <summary>Quantizes and dequantizes.</summary>
    /// <param name="x">The element.</param>
    /// <param name="scale">Its scale.</param>
    /// <param name="zero">Its zero point.</param>
    /// <returns>The value of its code.</returns>
    float Apply(float x, float scale, float zero);
}

/// <summary>BipolarQuant: ± the scale.</summary>
internal sealed class BipolarRule : IQonnxRule
{
    public float Apply(float x, float scale, float zero) => x >= 0 ? scale : -scale;
}

/// <summary>Quant: divided, shifted, clamped, then rounded.</summary>
internal sealed class IntegerRule(QonnxRange range, QonnxRounding rounding) : IQonnxRule
{
    public float Apply(float x, float scale, float zero) => (rounding.Round(range.Clamp((x / scale) + zero)) - zero) * scale;
}

/// <summary>Trunc with one scale: the code's last bits are cut off.</summary>
internal sealed class TruncationRule(int bits, QonnxRounding rounding) : IQonnxRule
{
    public float Apply(float x, float scale, float zero) => (rounding.Round(MathF.Round((x / scale) + zero) / MathF.ScaleB(1, bits)) - zero) * scale;
}

/// <summary>Trunc with a scale of its own for the result, a power of two times the first.</summary>
internal sealed class RescalingRule(float target, QonnxRange range, QonnxRounding rounding) : IQonnxRule
{
    public float Apply(float x, float scale, float zero)
    {
        var factor = PowerOfTwo(target / scale);
        var code = rounding.Round(range.Clamp(MathF.Round((x / scale) + zero) / factor));
        return (code - (zero / factor)) * target;
    }

    /// <summary>The power of two nearest on the logarithmic scale.</summary>
    private static float PowerOfTwo(float ratio)
    {
        if (!(ratio > 0) || float.IsInfinity(ratio)) return float.NaN;
        var exponent = MathF.ILogB(ratio);
        var mantissa = MathF.ScaleB(ratio, -exponent);
        return MathF.ScaleB(1, mantissa > 1.41421356f ? exponent + 1 : exponent);
    }
}
