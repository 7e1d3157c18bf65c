using Subbyte.Methods.BitSplit;

namespace Subbyte.Tests.Methods.BitSplit;

/// <summary>
/// The optimisation as section 3.4 prints it, every product of a matrix and a vector from scratch: what the incremental form is compared with, in digits and
/// in time.
/// </summary>
internal static class TextbookSolver
{
    /// <summary>Optimises digits and scale in place; <c>step</c> sees plane, position, slope, threshold and new digit of every step.</summary>
    public static int Solve(DigitPlanes planes, double[] response, ResponseMoments moments, int epochs, Action<int, int, double, double, int>? step = null)
    {
        var depth = planes.Depth;
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            var values = Enumerable.Range(0, depth).Select(planes.Value).ToArray();
            planes.Scale = Dot(response, values) / Dot(values, Product(moments, values));
            var changed = false;
            for (var i = 0; i < planes.Count; i++)
            {
                var (digits, place) = (planes.Digits[i], DigitPlanes.Place(i));
                var others = Product(moments, [.. Enumerable.Range(0, depth).Select(n => planes.Value(n) - (digits[n] * place))]);
                var c = planes.Scale * place;
                for (var n = 0; n < depth; n++)
                {
                    var old = digits[n];
                    digits[n] = 0;
                    double image = 0;
                    for (var k = 0; k < depth; k++) image += moments.Row(n)[k] * digits[k];
                    var target = response[n] - (planes.Scale * others[n]);
                    var slope = 2 * ((c * image) - target);
                    var threshold = c * moments.Diagonal(n);
                    digits[n] = threshold == 0 ? old : (sbyte)(Math.Abs(slope) < threshold ? 0 : -Math.Sign(slope));
                    changed |= digits[n] != old;
                    step?.Invoke(i, n, slope, threshold, digits[n]);
                }
            }

            if (!changed) return epoch;
        }

        return epochs;
    }

    private static double[] Product(ResponseMoments moments, double[] vector)
    {
        var product = new double[vector.Length];
        for (var n = 0; n < product.Length; n++) product[n] = Dot(moments.Row(n), vector);
        return product;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (var n = 0; n < a.Length; n++) sum += a[n] * b[n];
        return sum;
    }
}
