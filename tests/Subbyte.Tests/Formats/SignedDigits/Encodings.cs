using Subbyte.Formats;

namespace Subbyte.Tests.Formats;

/// <summary>The encoders by their names in vector files, and tables of them for tests.</summary>
internal static class Encodings
{
    private static readonly Dictionary<string, SignedDigitEncoding> ByName = new()
    {
        ["hese"] = SignedDigitEncoding.Hese,
        ["hese-run"] = SignedDigitEncoding.HeseRun,
        ["naf"] = SignedDigitEncoding.Naf,
        ["booth2"] = SignedDigitEncoding.Booth2,
        ["booth4"] = SignedDigitEncoding.Booth4,
        ["binary"] = SignedDigitEncoding.Binary,
    };

    public static IEnumerable<SignedDigitEncoding> All => ByName.Values;

    public static SignedDigitEncoding Named(string name) => ByName[name];

    public static SignedTerm[] Terms(SignedDigitEncoding encoding, int magnitude)
    {
        Span<SignedTerm> terms = stackalloc SignedTerm[SignedDigits.MaximumTerms];
        return terms[..SignedDigits.Encode(encoding, magnitude, terms)].ToArray();
    }
}
