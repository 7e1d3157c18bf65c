using static Subbyte.Methods.Sparq.SparqWindow;

namespace Subbyte.Methods.Sparq;

/// <summary>
/// The unit at the array's edge that turns activations into what the multipliers get (sections 3.2 and 3.3): a window, its rounding,
/// and whether a value borrows the budget of a zero partner.
/// </summary>
public sealed class TrimmingUnit
{
    private readonly byte[] _trim = new byte[256];
    private readonly byte[] _survivor = new byte[256];

    /// <summary>A unit.</summary>
    /// <param name="window">The window of a value that has its own budget only.</param>
    /// <param name="round">Whether the bits below a window round (true) or are cut off (false).</param>
    /// <param name="pairs">Whether a value takes the whole budget when its partner is zero (vSPARQ), or never (bSPARQ alone).</param>
    public TrimmingUnit(SparqWindow window, bool round, bool pairs)
    {
        Window = window;
        Round = round;
        Pairs = pairs;
        for (var value = 0; value < 256; value++)
        {
            _trim[value] = (byte)window.Place(value, round).Value;
            _survivor[value] = pairs ? (byte)PlaceSurvivor(value).Value : _trim[value];
        }
    }

    /// <summary>The window.</summary>
    public SparqWindow Window { get; }

    /// <summary>Whether the bits below a window round.</summary>
    public bool Round { get; }

    /// <summary>Whether pairs share their budget.</summary>
    public bool Pairs { get; }

    /// <summary>What each value becomes when its partner is not zero; 256 entries.</summary>
    public ReadOnlySpan<byte> Trim => _trim;

    /// <summary>What each value becomes when its partner is zero; 256 entries.</summary>
    public ReadOnlySpan<byte> Survivor => _survivor;

    /// <summary>Places the doubled window on a value whose partner is zero; at n = 4 it holds the value whole.</summary>
    /// <param name="value">The value, 0..255.</param>
    /// <returns>The shift and the 2n bits kept.</returns>
    public Placement PlaceSurvivor(int value) => Window.Survivor?.Place(value, Round) ?? new Placement(0, value);

    /// <summary>Prepares a pair for the multipliers: two trimmed values, or the two halves of a survivor.</summary>
    /// <param name="first">First value of the pair, 0..255.</param>
    /// <param name="second">Second value; 0 for a partner beyond the row's end.</param>
    /// <returns>The operands and their control signals.</returns>
    public PairOperands Prepare(int first, int second)
    {
        if (Pairs && second == 0) return Split(first, WeightSelect.First);
        if (Pairs && first == 0) return Split(second, WeightSelect.Second);
        return new PairOperands(Window.Place(first, Round), Window.Place(second, Round), WeightSelect.Own);
    }

    private PairOperands Split(int survivor, WeightSelect select)
    {
        var (shift, bits) = PlaceSurvivor(survivor);
        return new PairOperands(
            new Placement(shift + Window.Width, bits >> Window.Width),
            new Placement(shift, bits & ((1 << Window.Width) - 1)),
            select);
    }
}
