using Subbyte.Lowering;

namespace Subbyte.Packing;

/// <summary>The exact thresholds of an elementwise code, found by bisection over the floats: whatever a method's formula is, its code is a staircase.</summary>
internal static class CodeThresholds
{
    /// <summary>Finds where the code changes.</summary>
    /// <param name="input">The quantizer.</param>
    /// <param name="map">What is made of its code, or null.</param>
    /// <returns>Thresholds, the code below each and above the last, and the code of NaN; null where the code does not ascend.</returns>
    public static (float[] Thresholds, int[] Codes, int NotANumber)? Find(IActivationQuantizer input, Func<int, int>? map = null)
    {
        int Code(float value)
        {
            Span<short> code = stackalloc short[1];
            input.Encode([value], code);
            return map is null ? code[0] : map(code[0]);
        }

        var thresholds = new List<float>();
        var codes = new List<int> { Code(float.NegativeInfinity) };
        var (lowest, highest) = (Key(float.NegativeInfinity), Key(float.PositiveInfinity));
        var last = Code(float.PositiveInfinity);
        while (codes[^1] != last)
        {
            if (codes[^1] > last || thresholds.Count > byte.MaxValue) return null;
            var (below, above) = (lowest, highest);
            while ((long)above - below > 1)
            {
                var middle = (int)((below + (long)above) / 2);
                if (Code(Value(middle)) > codes[^1]) above = middle;
                else below = middle;
            }

            thresholds.Add(Value(above));
            codes.Add(Code(Value(above)));
            lowest = above;
        }

        return ([.. thresholds], [.. codes], Code(float.NaN));
    }

    /// <summary>An integer that orders floats as they order themselves; both zeros are neighbours.</summary>
    /// <param name="value">A float.</param>
    /// <returns>The integer.</returns>
    public static int Key(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        return bits >= 0 ? bits : int.MinValue - bits - 1;
    }

    /// <summary>The float of an integer.</summary>
    /// <param name="key">What <see cref="Key"/> gave.</param>
    /// <returns>The float.</returns>
    public static float Value(int key) => BitConverter.Int32BitsToSingle(key >= 0 ? key : int.MinValue - key - 1);
}
