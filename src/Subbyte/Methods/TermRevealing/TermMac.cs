using Subbyte.Formats;

namespace Subbyte.Methods.TermRevealing;

/// <summary>
/// The term MAC (tMAC), the processing element of Term Revealing, walked term by term: one cycle takes one term of a weight and one term
/// of its data value, adds their exponents and counts ±1 in the coefficient of that power of two. The scalar reference that the lowered
/// layer is held to; not thread-safe.
/// </summary>
/// <param name="options">Group size, budget, data terms, tail rule and encoding.</param>
public sealed class TermMac(TermRevealingOptions options)
{
    private readonly long[] _coefficients = new long[2 * SignedDigits.MaximumTerms];

    /// <summary>The coefficient vector: how often each power of two was added, signs considered.</summary>
    public ReadOnlySpan<long> Coefficients => _coefficients;

    /// <summary>Term pairs taken so far: cycles of a tMAC that never waits.</summary>
    public long Pairs { get; private set; }

    /// <summary>The dot product so far, Σ coefficient[i]·2^i.</summary>
    public long Sum
    {
        get
        {
            long sum = 0;
            for (var i = 0; i < _coefficients.Length; i++)
            {
                if (_coefficients[i] != 0) sum += _coefficients[i] * (1L << i);
            }

            return sum;
        }
    }

    /// <summary>Starts a new dot product.</summary>
    public void Clear()
    {
        Array.Clear(_coefficients);
        Pairs = 0;
    }

    /// <summary>Adds the dot product of one output channel and one patch row, group by group.</summary>
    /// <param name="weights">Weight codes [depth] before revealing, k channel-fastest.</param>
    /// <param name="data">Data codes [depth] before truncation, zero point 0; padded positions are 0.</param>
    /// <param name="channels">Input channels at one kernel position; groups do not reach over it.</param>
    public void AddRow(ReadOnlySpan<short> weights, ReadOnlySpan<short> data, int channels)
    {
        for (var position = 0; position < weights.Length; position += channels)
        {
            for (var c = 0; c < channels; c += options.Group)
            {
                var length = Math.Min(options.Group, channels - c);
                AddGroup(weights.Slice(position + c, length), data.Slice(position + c, length), options.BudgetOf(length));
            }
        }
    }

    /// <summary>Adds the dot product of one group.</summary>
    /// <param name="weights">Weight codes of the group.</param>
    /// <param name="data">Data codes of the group.</param>
    /// <param name="budget">Weight terms to keep; <see cref="int.MaxValue"/> keeps all.</param>
    public void AddGroup(ReadOnlySpan<short> weights, ReadOnlySpan<short> data, int budget)
    {
        var all = new List<(int Index, SignedTerm Term)>();
        var dataTerms = new SignedTerm[data.Length][];
        for (var j = 0; j < weights.Length; j++)
        {
            foreach (var term in Terms(options.Encoding, weights[j], int.MaxValue)) all.Add((j, term));
            dataTerms[j] = Terms(options.DataDigits, data[j], options.Terms);
        }

        // Largest exponent first, then the lowest index: the order in which the receding water meets the terms.
        foreach (var (j, term) in all.OrderByDescending(entry => entry.Term.Exponent).ThenBy(entry => entry.Index).Take(budget))
        {
            foreach (var other in dataTerms[j])
            {
                _coefficients[term.Exponent + other.Exponent] += term.Sign * other.Sign;
                Pairs++;
            }
        }
    }

    private static SignedTerm[] Terms(SignedDigitEncoding encoding, short code, int most)
    {
        Span<SignedTerm> terms = stackalloc SignedTerm[SignedDigits.MaximumTerms];
        var count = Math.Min(most, SignedDigits.Encode(encoding, Math.Abs((int)code), terms));
        for (var i = 0; i < count && code < 0; i++) terms[i] = new(terms[i].Exponent, !terms[i].IsNegative);
        return terms[..count].ToArray();
    }
}
