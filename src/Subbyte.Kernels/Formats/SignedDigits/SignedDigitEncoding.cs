namespace Subbyte.Formats;

/// <summary>
/// A rule that writes an integer as a sum of signed powers of two (a signed-digit representation). Every rule is exact; they differ in
/// how many terms they need and in how good the first few are.
/// </summary>
public enum SignedDigitEncoding
{
    /// <summary>
    /// HESE with isolated zeros (HESE-min): isolated ones stay binary, a run of ones becomes two terms, a single zero inside a run one
    /// negative term. Fewest terms possible, and its first terms are a best approximation for every 16-bit value.
    /// </summary>
    Hese,

    /// <summary>
    /// HESE as the authors' code computes it: a maximal run of at least two ones becomes two terms, everything else stays binary.
    /// Not minimal: 27 = 32 − 8 + 4 − 1.
    /// </summary>
    HeseRun,

    /// <summary>The non-adjacent form (Reitwieser 1960): fewest terms, but its prefixes are not best approximations.</summary>
    Naf,

    /// <summary>Booth recoding, radix 2: one term at each change of bit.</summary>
    Booth2,

    /// <summary>Booth recoding, radix 4, of an unsigned operand padded with zeros: one term for every two bits.</summary>
    Booth4,

    /// <summary>Plain binary: one positive term for each one bit.</summary>
    Binary,
}
