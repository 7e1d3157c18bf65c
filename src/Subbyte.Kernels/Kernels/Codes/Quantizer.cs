namespace Subbyte.Kernels;

/// <summary>
/// Uniform quantization of floats: <c>code = clamp(round(x / scale), min − z, max − z) + z</c>. The division is a true float32 division, the
/// rounding that of the mathematical quotient's float32 value; a NaN quotient counts as 0, infinities clamp.
/// </summary>
public static partial class Quantizer
{
    /// <summary>Quantizes to unsigned 8-bit codes.</summary>
    /// <param name="x">Values.</param>
    /// <param name="scale">Step size Δ.</param>
    /// <param name="zeroPoint">Code <c>z</c> of the value 0.</param>
    /// <param name="min">Smallest code, ≥ 0.</param>
    /// <param name="max">Largest code, <paramref name="min"/> … 255.</param>
    /// <param name="codes">Codes, as many as values.</param>
    /// <param name="rounding">What happens to ties.</param>
    /// <exception cref="ArgumentException">The lengths differ or the range of codes is not one of unsigned bytes.</exception>
    public static void ToUInt8(ReadOnlySpan<float> x, float scale, int zeroPoint, int min, int max, Span<byte> codes, Rounding rounding = Rounding.HalfEven)
    {
        Check(x.Length, codes.Length, min, max, byte.MinValue, byte.MaxValue);
        var step = new QuantizationStep(scale, zeroPoint, min - zeroPoint, max - zeroPoint, rounding);
        var done = Cpu.HasAvx512 ? UInt8Blocks512(x, scale, step, codes) : Cpu.HasAvx2 ? UInt8Blocks256(x, step, codes) : Cpu.HasVector128 ? UInt8Blocks128(x, step, codes) : 0;
        for (var i = done; i < x.Length; i++)
            codes[i] = (byte)step.Codes(new ScalarLane(x[i])).Int32;
    }

    /// <summary>Quantizes to signed 16-bit codes.</summary>
    /// <param name="x">Values.</param>
    /// <param name="scale">Step size Δ.</param>
    /// <param name="zeroPoint">Code <c>z</c> of the value 0.</param>
    /// <param name="min">Smallest code, ≥ −32768.</param>
    /// <param name="max">Largest code, <paramref name="min"/> … 32767.</param>
    /// <param name="codes">Codes, as many as values.</param>
    /// <param name="rounding">What happens to ties.</param>
    /// <exception cref="ArgumentException">The lengths differ or the range of codes is not one of signed 16-bit integers.</exception>
    public static void ToInt16(ReadOnlySpan<float> x, float scale, int zeroPoint, int min, int max, Span<short> codes, Rounding rounding = Rounding.HalfEven)
    {
        Check(x.Length, codes.Length, min, max, short.MinValue, short.MaxValue);
        var step = new QuantizationStep(scale, zeroPoint, min - zeroPoint, max - zeroPoint, rounding);
        var done = Cpu.HasAvx512 ? Int16Blocks512(x, scale, step, codes) : Cpu.HasAvx2 ? Int16Blocks256(x, step, codes) : Cpu.HasVector128 ? Int16Blocks128(x, step, codes) : 0;
        for (var i = done; i < x.Length; i++)
            codes[i] = (short)step.Codes(new ScalarLane(x[i])).Int32;
    }

    private static void Check(int values, int codes, int min, int max, int lowest, int highest)
    {
        if (codes != values)
            throw new ArgumentException($"{values} values cannot become {codes} codes", nameof(codes));
        if (min < lowest || max > highest || min > max)
            throw new ArgumentException($"codes {min} … {max} are not inside {lowest} … {highest}", nameof(min));
    }
}
