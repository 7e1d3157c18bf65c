namespace Subbyte.Methods.Sparq;

/// <summary>
/// A bSPARQ window (section 3.2): of an unsigned 8-bit value it keeps <see cref="Width"/> consecutive bits, at one of a few permitted
/// shifts. <see cref="Survivor"/> is what vSPARQ gives a value whose partner is zero: the budget of both.
/// </summary>
public sealed class SparqWindow
{
    private readonly int[] _shifts;

    private SparqWindow(string name, int width, int step, SparqWindow? survivor)
    {
        Name = name;
        Width = width;
        Survivor = survivor;
        _shifts = [.. Enumerable.Range(0, ((8 - width) / step) + 1).Select(i => i * step)];
    }

    /// <summary>The doubled budget of the 3-bit window.</summary>
    public static SparqWindow SixBits { get; } = new("6b3opt", 6, 1, survivor: null);

    /// <summary>Four bits at any of five placements, the default.</summary>
    public static SparqWindow Default { get; } = new("4b5opt", 4, 1, survivor: null);

    /// <summary>The windows that a recipe may name, from the most exact to the least.</summary>
    public static IReadOnlyList<SparqWindow> All { get; } =
    [
        Default,
        new("4b3opt", 4, 2, survivor: null),
        new("4b2opt", 4, 4, survivor: null),
        new("3b6opt", 3, 1, SixBits),
        new("2b7opt", 2, 1, Default),
    ];

    /// <summary>The name: width, <c>b</c>, number of placements, <c>opt</c>.</summary>
    public string Name { get; }

    /// <summary>Bits kept, n.</summary>
    public int Width { get; }

    /// <summary>Permitted right shifts P, ascending; the window reaches bit 7 at the largest.</summary>
    public IReadOnlyList<int> Shifts => _shifts;

    /// <summary>Bits that name one of <see cref="Shifts"/>: ⌈log2 |P|⌉.</summary>
    public int ShiftControlBits => int.Log2(_shifts.Length - 1) + 1;

    /// <summary>The window of twice the width for a value whose partner is zero; null when twice the width holds it whole (n = 4).</summary>
    public SparqWindow? Survivor { get; }

    /// <summary>Finds a window that a recipe may name.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The window.</returns>
    public static SparqWindow Find(string name) => All.First(window => window.Name == name);

    /// <summary>
    /// Places the window on a value: at the smallest permitted shift that holds the leading one. Rounding is to the nearest, ties to
    /// even, and saturates inside the window that was chosen.
    /// </summary>
    /// <param name="value">An unsigned 8-bit value.</param>
    /// <param name="round">Whether the bits below the window round (true) or are cut off (false).</param>
    /// <returns>The shift and the bits kept.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in 0..255.</exception>
    public Placement Place(int value, bool round)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, byte.MaxValue);
        var shift = Array.Find(_shifts, candidate => value >> candidate < 1 << Width);
        var bits = value >> shift;
        if (!round || shift == 0) return new Placement(shift, bits);

        var rest = value & ((1 << shift) - 1);
        var half = 1 << (shift - 1);
        if (rest > half || (rest == half && int.IsOddInteger(bits))) bits++;
        return new Placement(shift, Math.Min(bits, (1 << Width) - 1));
    }

    /// <summary>The name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;

    /// <summary>A window's place and content.</summary>
    /// <param name="Shift">Right shift of the window.</param>
    /// <param name="Bits">The bits kept, 0..2^n − 1.</param>
    public readonly record struct Placement(int Shift, int Bits)
    {
        /// <summary>The value that the bits stand for.</summary>
        public int Value => Bits << Shift;
    }
}
