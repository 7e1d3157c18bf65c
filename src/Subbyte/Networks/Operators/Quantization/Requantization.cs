using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Exact integer sums as 8-bit codes on another grid: <c>saturate(round(sum · multiplier) + zero point)</c> in float32, ties to even.</summary>
internal static class Requantization
{
    /// <summary>Writes one row.</summary>
    /// <param name="sums">Sums.</param>
    /// <param name="multipliers">Products of the operands' scales over the result's, one an output.</param>
    /// <param name="zero">Zero point of the result.</param>
    /// <param name="target">int8 or uint8.</param>
    /// <param name="start">First element of the row.</param>
    public static void Write(ReadOnlySpan<int> sums, ReadOnlySpan<float> multipliers, int zero, Tensor target, int start)
    {
        var (lowest, highest) = target.ElementType.IntegerRange();
        var codes = target.Bytes.Span.Slice(start, sums.Length);
        for (var m = 0; m < codes.Length; m++)
        {
            var value = sums[m] * multipliers[m];
            if (float.IsNaN(value)) value = 0;
            codes[m] = unchecked((byte)((int)MathF.Round(Math.Clamp(value, lowest - zero, highest - zero)) + zero));
        }
    }
}
