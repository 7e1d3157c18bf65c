namespace Subbyte.Methods.Sparq;

/// <summary>
/// The encoded storage of activation pairs (section 3.6): 1 MuxCtrl bit, 2·b ShiftCtrl bits and 2·n data bits, in this order from the
/// least significant bit. MuxCtrl 0: two trimmed values, each a shift index and its bits. MuxCtrl 1: one survivor, the other value is
/// zero; the first ShiftCtrl bit says which of the two it is, the others hold the index of its shift where it has one.
/// </summary>
/// <param name="unit">The trimming unit whose values are stored.</param>
public sealed class PairFormat(TrimmingUnit unit)
{
    private readonly SparqWindow _window = unit.Window;

    /// <summary>Bits of one pair: 2n + 2b + 1.</summary>
    public int BitsPerPair => (2 * _window.Width) + (2 * _window.ShiftControlBits) + 1;

    /// <summary>Mean bits of one activation.</summary>
    public double BitsPerActivation => BitsPerPair / 2.0;

    private int DataOffset => 1 + (2 * _window.ShiftControlBits);

    /// <summary>Encodes a pair of base codes.</summary>
    /// <param name="first">First base code, 0..255.</param>
    /// <param name="second">Second base code.</param>
    /// <returns>The pair in <see cref="BitsPerPair"/> bits.</returns>
    public uint Encode(int first, int second)
    {
        if (unit.Pairs && (first == 0) != (second == 0))
        {
            var survivor = unit.PlaceSurvivor(first + second);
            var control = (second != 0 ? 1 : 0) | (ShiftIndex(_window.Survivor, survivor.Shift) << 1);
            return (uint)(1 | (control << 1) | (survivor.Bits << DataOffset));
        }

        var (a, b) = (_window.Place(first, unit.Round), _window.Place(second, unit.Round));
        var shifts = ShiftIndex(_window, a.Shift) | (ShiftIndex(_window, b.Shift) << _window.ShiftControlBits);
        return (uint)((shifts << 1) | ((a.Bits | (b.Bits << _window.Width)) << DataOffset));
    }

    /// <summary>Decodes a pair to the values that the multipliers see.</summary>
    /// <param name="pair">An encoded pair.</param>
    /// <returns>The two values.</returns>
    public (int First, int Second) Decode(uint pair)
    {
        var control = (int)(pair >> 1) & ((1 << (2 * _window.ShiftControlBits)) - 1);
        var data = (int)(pair >> DataOffset);
        if ((pair & 1) != 0)
        {
            var value = data << (_window.Survivor?.Shifts[control >> 1] ?? 0);
            return (control & 1) != 0 ? (0, value) : (value, 0);
        }

        var (first, second) = (control & ((1 << _window.ShiftControlBits) - 1), control >> _window.ShiftControlBits);
        return ((data & ((1 << _window.Width) - 1)) << _window.Shifts[first], (data >> _window.Width) << _window.Shifts[second]);
    }

    /// <summary>
    /// Mean bits of one activation in a store that spends one bit on whether it is zero and codes only on those that are not.
    /// </summary>
    /// <param name="oneZero">Fraction of pairs with one zero.</param>
    /// <param name="bothNonZero">Fraction of pairs without a zero.</param>
    /// <returns>Bits.</returns>
    public double MaskedBitsPerActivation(double oneZero, double bothNonZero)
    {
        var trimmed = _window.Width + _window.ShiftControlBits;
        var survivor = unit.Pairs ? (2 * _window.Width) + (_window.Survivor?.ShiftControlBits ?? 0) : trimmed;
        return 1 + (bothNonZero * trimmed) + (oneZero * survivor / 2);
    }

    private static int ShiftIndex(SparqWindow? window, int shift)
    {
        for (var i = 0; i < (window?.Shifts.Count ?? 0); i++)
        {
            if (window!.Shifts[i] == shift) return i;
        }

        return 0;
    }
}
