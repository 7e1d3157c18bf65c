namespace Subbyte.Formats;

/// <summary>
/// ONNX Runtime's requantization of an int32 sum (uniform baselines, section 3.8): <c>sat(rne((float)sum · m) + z)</c> with
/// m = (inputScale·weightScale)/outputScale in float32. The product is clamped before it becomes an integer, so nothing wraps.
/// </summary>
/// <param name="multiplier">m, float32, see <see cref="Multiplier"/>.</param>
/// <param name="zeroPoint">Code of real zero in the output.</param>
/// <param name="lowest">Smallest output code.</param>
/// <param name="highest">Largest output code.</param>
public readonly struct FloatRequantizer(float multiplier, int zeroPoint, int lowest, int highest)
{
    /// <summary>The multiplier in the order of QLinearConv: the scales' product first, then the division, each rounded to float32.</summary>
    /// <param name="inputScale">Scale of the activations.</param>
    /// <param name="weightScale">Scale of the output channel's weights.</param>
    /// <param name="outputScale">Scale of the output.</param>
    /// <returns>m.</returns>
    public static float Multiplier(float inputScale, float weightScale, float outputScale) => inputScale * weightScale / outputScale;

    /// <summary>Requantizes a sum.</summary>
    /// <param name="sum">Integer sum, bias included.</param>
    /// <returns>The output code.</returns>
    public int Requantize(int sum)
    {
        var value = sum * multiplier;
        return (int)MathF.Round(Math.Clamp(value, lowest - zeroPoint, highest - zeroPoint)) + zeroPoint;
    }
}
