namespace Subbyte.Methods.BitSplit;

/// <summary>Integers and scale of one output channel with the smallest error of the weights: where the optimisation of the output starts.</summary>
public static class WeightFit
{
    private const int MostRounds = 1000;
    private const int MostPolishEpochs = 50;

    /// <summary>
    /// Sections 3.1 to 3.3: integers for a scale and a scale for the integers, in turn, until the integers repeat; then each digit in turn.
    /// </summary>
    /// <param name="weights">Weights of the channel, not all zero.</param>
    /// <param name="bits">Bits of an integer, sign included, 2 … 8.</param>
    /// <returns>The digits.</returns>
    public static DigitPlanes Of(ReadOnlySpan<double> weights, int bits)
    {
        var (codes, scale) = Alternate(weights, bits);
        var planes = new DigitPlanes(codes, scale, bits);
        Polish(planes, weights);
        return planes;
    }

    private static (int[] Codes, double Scale) Alternate(ReadOnlySpan<double> weights, int bits)
    {
        var largest = (1 << (bits - 1)) - 1;
        double maximum = 0;
        foreach (var weight in weights) maximum = Math.Max(maximum, Math.Abs(weight));
        var scale = maximum / largest;
        var codes = new int[weights.Length];
        for (var round = 0; round < MostRounds; round++)
        {
            var changed = false;
            double products = 0, squares = 0;
            for (var n = 0; n < codes.Length; n++)
            {
                var code = (int)Math.Clamp(Math.Round(weights[n] / scale), -largest, largest);
                changed |= code != codes[n];
                codes[n] = code;
                products += weights[n] * code;
                squares += (double)code * code;
            }

            if (!changed) break;
            scale = products / squares;
        }

        return (codes, scale);
    }

    /// <summary>Section 3.3. At a fixed point of the alternation the scale repeats at once; it repairs a channel that ran out of rounds.</summary>
    private static void Polish(DigitPlanes planes, ReadOnlySpan<double> weights)
    {
        for (var epoch = 0; epoch < MostPolishEpochs; epoch++)
        {
            double products = 0, squares = 0;
            for (var n = 0; n < weights.Length; n++)
            {
                var value = planes.Value(n);
                products += weights[n] * value;
                squares += value * value;
            }

            var scale = products / squares;
            if (scale == planes.Scale || !double.IsFinite(scale)) return;
            planes.Scale = scale;
            for (var i = 0; i < planes.Count; i++) PolishPlane(planes, i, weights);
        }
    }

    private static void PolishPlane(DigitPlanes planes, int plane, ReadOnlySpan<double> weights)
    {
        var (digits, place) = (planes.Digits[plane], DigitPlanes.Place(plane));
        for (var n = 0; n < weights.Length; n++)
        {
            var rest = (weights[n] - (planes.Scale * (planes.Value(n) - (digits[n] * place)))) / place;
            digits[n] = 2 * Math.Abs(rest) < planes.Scale ? (sbyte)0 : rest >= 0 ? (sbyte)1 : (sbyte)-1;
        }
    }
}
