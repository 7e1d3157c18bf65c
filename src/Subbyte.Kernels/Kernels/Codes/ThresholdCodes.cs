using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>Codes between thresholds: the code of a value is that of the number of thresholds that it reaches.</summary>
public static class ThresholdCodes
{
    /// <summary>Encodes values.</summary>
    /// <param name="x">Values.</param>
    /// <param name="thresholds">Thresholds, ascending; a value reaches those that it is not below.</param>
    /// <param name="codes">Codes, one more than thresholds.</param>
    /// <param name="notANumber">The code of NaN.</param>
    /// <param name="result">Codes, as many as values.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Encode(ReadOnlySpan<float> x, ReadOnlySpan<float> thresholds, ReadOnlySpan<byte> codes, byte notANumber, Span<byte> result)
    {
        if (codes.Length != thresholds.Length + 1 || result.Length != x.Length)
            throw new ArgumentException($"{thresholds.Length} thresholds and {codes.Length} codes do not take {x.Length} values to {result.Length} codes", nameof(codes));
        var i = 0;
        if (Cpu.HasVector128)
        {
            for (; i + 32 <= x.Length; i += 32)
            {
                var low = Vector256.Narrow(Eight(x[i..], thresholds, codes, notANumber), Eight(x[(i + 8)..], thresholds, codes, notANumber));
                var high = Vector256.Narrow(Eight(x[(i + 16)..], thresholds, codes, notANumber), Eight(x[(i + 24)..], thresholds, codes, notANumber));
                Vector256.Narrow(low.AsUInt16(), high.AsUInt16()).CopyTo(result[i..]);
            }
        }

        for (; i < x.Length; i++) result[i] = One(x[i], thresholds, codes, notANumber);
    }

    private static byte One(float x, ReadOnlySpan<float> thresholds, ReadOnlySpan<byte> codes, byte notANumber)
    {
        if (float.IsNaN(x)) return notANumber;
        var reached = 0;
        foreach (var threshold in thresholds) reached += x >= threshold ? 1 : 0;
        return codes[reached];
    }

    private static Vector256<int> Eight(ReadOnlySpan<float> x, ReadOnlySpan<float> thresholds, ReadOnlySpan<byte> codes, byte notANumber)
    {
        var values = Vector256.Create(x);
        var code = Vector256.Create((int)codes[0]);
        for (var t = 0; t < thresholds.Length; t++)
            code += Vector256.GreaterThanOrEqual(values, Vector256.Create(thresholds[t])).AsInt32() & Vector256.Create(codes[t + 1] - codes[t]);
        return Vector256.ConditionalSelect(Vector256.Equals(values, values).AsInt32(), code, Vector256.Create((int)notANumber));
    }
}
