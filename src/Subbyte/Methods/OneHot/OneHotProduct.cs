using Subbyte.Formats;

namespace Subbyte.Methods.OneHot;

/// <summary>
/// The dot product as the hardware does it (section 3.4): terms of both operands meet, exponents are added, signs counted in a histogram of exponent
/// sums, and one shift-add at the end. The reference of the integer product of the decoded values.
/// </summary>
public static class OneHotProduct
{
    /// <summary>Buckets of the histogram: exponent sums of two operands of eight bits.</summary>
    public const int Buckets = 15;

    /// <summary>Counts exponent sums.</summary>
    /// <param name="weights">Weights, magnitudes up to 128.</param>
    /// <param name="activations">Activations, likewise.</param>
    /// <param name="histogram">Takes [<see cref="Buckets"/>] counts, negative products counting −1.</param>
    public static void Histogram(ReadOnlySpan<short> weights, ReadOnlySpan<short> activations, Span<int> histogram)
    {
        histogram[..Buckets].Clear();
        Span<SignedTerm> w = stackalloc SignedTerm[SignedDigits.MaximumTerms];
        Span<SignedTerm> a = stackalloc SignedTerm[SignedDigits.MaximumTerms];
        for (var k = 0; k < weights.Length; k++)
        {
            var wTerms = SignedDigits.Encode(SignedDigitEncoding.Naf, Math.Abs((int)weights[k]), w);
            var aTerms = SignedDigits.Encode(SignedDigitEncoding.Naf, Math.Abs((int)activations[k]), a);
            var sign = Math.Sign(weights[k]) * Math.Sign(activations[k]);
            for (var i = 0; i < wTerms; i++)
            {
                for (var j = 0; j < aTerms; j++) histogram[w[i].Exponent + a[j].Exponent] += sign * w[i].Sign * a[j].Sign;
            }
        }
    }

    /// <summary>The dot product of a histogram.</summary>
    /// <param name="histogram">Counts of exponent sums.</param>
    /// <returns>Σj H[j]·2^j.</returns>
    public static long Sum(ReadOnlySpan<int> histogram)
    {
        long sum = 0;
        for (var j = 0; j < histogram.Length; j++) sum += (long)histogram[j] << j;
        return sum;
    }
}
