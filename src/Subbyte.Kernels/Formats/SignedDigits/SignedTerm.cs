namespace Subbyte.Formats;

/// <summary>A term: a signed power of two, +2^e or −2^e, in one byte.</summary>
public readonly record struct SignedTerm
{
    private readonly byte _code;

    /// <summary>A term.</summary>
    /// <param name="exponent">e, 0..30.</param>
    /// <param name="isNegative">Whether it is −2^e.</param>
    public SignedTerm(int exponent, bool isNegative) => _code = (byte)((exponent << 1) | (isNegative ? 1 : 0));

    /// <summary>The exponent e, 0..30.</summary>
    public int Exponent => _code >> 1;

    /// <summary>Whether it is −2^e.</summary>
    public bool IsNegative => (_code & 1) != 0;

    /// <summary>+1 or −1.</summary>
    public int Sign => IsNegative ? -1 : 1;

    /// <summary>+2^e or −2^e.</summary>
    public int Value => Sign << Exponent;

    /// <summary>The term as sign and exponent, such as <c>+5</c> for 32 or <c>-0</c> for −1.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{(IsNegative ? '-' : '+')}{Exponent}";
}
