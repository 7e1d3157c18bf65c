namespace Subbyte.Lowering;

/// <summary>The smallest and the largest integer that a code can take. Ranges pick the kernel and prove the accumulator.</summary>
/// <param name="Lowest">Smallest code.</param>
/// <param name="Highest">Largest code, ≥ <paramref name="Lowest"/>.</param>
public readonly record struct CodeRange(int Lowest, int Highest)
{
    /// <summary>The largest absolute value of a code.</summary>
    public int Magnitude => Math.Max(Math.Abs(Lowest), Math.Abs(Highest));

    /// <summary>How many integers the range spans.</summary>
    public int Count => Highest - Lowest + 1;

    /// <summary>Signed codes without the smallest one, [−(2^(b−1) − 1), 2^(b−1) − 1]: what weights use, since −w is a code too.</summary>
    /// <param name="bits">Bits of a code, 2 … 16.</param>
    /// <returns>The range.</returns>
    public static CodeRange Narrow(int bits) => new(1 - (1 << (bits - 1)), (1 << (bits - 1)) - 1);

    /// <summary>All signed codes, [−2^(b−1), 2^(b−1) − 1].</summary>
    /// <param name="bits">Bits of a code, 2 … 16.</param>
    /// <returns>The range.</returns>
    public static CodeRange Signed(int bits) => new(-(1 << (bits - 1)), (1 << (bits - 1)) - 1);

    /// <summary>All unsigned codes, [0, 2^b − 1].</summary>
    /// <param name="bits">Bits of a code, 1 … 16.</param>
    /// <returns>The range.</returns>
    public static CodeRange Unsigned(int bits) => new(0, (1 << bits) - 1);

    /// <summary>The range of the codes that occur in <paramref name="codes"/>; [0, 0] for none.</summary>
    /// <param name="codes">Codes.</param>
    /// <returns>Their smallest and largest value.</returns>
    public static CodeRange Of(ReadOnlySpan<short> codes)
    {
        if (codes.IsEmpty) return default;
        var (lowest, highest) = (codes[0], codes[0]);
        foreach (var code in codes)
        {
            if (code < lowest) lowest = code;
            if (code > highest) highest = code;
        }

        return new CodeRange(lowest, highest);
    }

    /// <summary>Whether <paramref name="code"/> lies in the range.</summary>
    /// <param name="code">A code.</param>
    /// <returns>True when it does.</returns>
    public bool Contains(int code) => code >= Lowest && code <= Highest;

    /// <summary>The range as <c>lowest..highest</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Lowest}..{Highest}";
}
