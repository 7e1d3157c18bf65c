namespace Subbyte.Formats;

/// <summary>
/// The terms of all magnitudes up to a maximum, looked up instead of computed: what conversion, lowering and counting use.
/// Immutable.
/// </summary>
public sealed class SignedDigitTable
{
    private readonly int[] _starts;
    private readonly SignedTerm[] _terms;

    /// <summary>A table.</summary>
    /// <param name="encoding">The rule.</param>
    /// <param name="maximum">Largest magnitude, 0..65535.</param>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is out of range.</exception>
    public SignedDigitTable(SignedDigitEncoding encoding, int maximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximum, ushort.MaxValue);
        Encoding = encoding;
        Maximum = maximum;
        _starts = new int[maximum + 2];
        var terms = new List<SignedTerm>();
        Span<SignedTerm> one = stackalloc SignedTerm[SignedDigits.MaximumTerms];
        for (var m = 0; m <= maximum; m++)
        {
            terms.AddRange(one[..SignedDigits.Encode(encoding, m, one)]);
            _starts[m + 1] = terms.Count;
        }

        _terms = [.. terms];
    }

    /// <summary>The rule.</summary>
    public SignedDigitEncoding Encoding { get; }

    /// <summary>Largest magnitude in the table.</summary>
    public int Maximum { get; }

    /// <summary>The terms of a magnitude, largest exponent first.</summary>
    /// <param name="magnitude">0..<see cref="Maximum"/>.</param>
    /// <returns>Its terms; none for 0.</returns>
    public ReadOnlySpan<SignedTerm> Terms(int magnitude) => _terms.AsSpan(_starts[magnitude], Count(magnitude));

    /// <summary>How many terms a magnitude has.</summary>
    /// <param name="magnitude">0..<see cref="Maximum"/>.</param>
    /// <returns>The number of terms.</returns>
    public int Count(int magnitude) => _starts[magnitude + 1] - _starts[magnitude];

    /// <summary>The value of a magnitude's first terms.</summary>
    /// <param name="magnitude">0..<see cref="Maximum"/>.</param>
    /// <param name="count">Terms to keep, ≥ 0.</param>
    /// <returns>The truncated magnitude.</returns>
    public int Leading(int magnitude, int count)
    {
        var terms = Terms(magnitude);
        var value = 0;
        foreach (var term in terms[..Math.Min(count, terms.Length)]) value += term.Value;
        return value;
    }
}
