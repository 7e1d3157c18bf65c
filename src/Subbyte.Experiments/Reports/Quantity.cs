using System.Globalization;
using static System.FormattableString;

namespace Subbyte.Experiments;

/// <summary>A kind of quantity and the units that it is shown in; all text is invariant of culture.</summary>
public sealed class Quantity
{
    private readonly (double Factor, string Symbol)[] _units;

    private Quantity(params (double Factor, string Symbol)[] units) => _units = units;

    /// <summary>Energy, given in picojoules.</summary>
    public static Quantity Energy { get; } = new((1, "pJ"), (1e3, "nJ"), (1e6, "µJ"), (1e9, "mJ"), (1e12, "J"));

    /// <summary>Memory, given in bytes, shown with binary prefixes.</summary>
    public static Quantity Memory { get; } = new((1, "B"), (1024, "KiB"), (1024 * 1024, "MiB"), (1024 * 1024 * 1024, "GiB"));

    /// <summary>A count, shown with metric prefixes.</summary>
    public static Quantity Count { get; } = new((1, ""), (1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T"));

    /// <summary>A number with three significant digits and without an exponent where it is between 0.001 and 10⁶.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Such as <c>12.3</c>, <c>1,017</c> or <c>1.2e-5</c>; a dash where it is not finite.</returns>
    public static string Significant(double value)
    {
        if (!double.IsFinite(value)) return "—";
        var text = Math.Abs(value) switch
        {
            0 => "0",
            >= 1e6 => Invariant($"{value:0.0e+0}"),
            >= 100 => Invariant($"{value:#,0}"),
            >= 10 => Invariant($"{value:0.0}"),
            >= 1 => Invariant($"{value:0.00}"),
            >= 0.1 => Invariant($"{value:0.000}"),
            >= 0.01 => Invariant($"{value:0.0000}"),
            >= 0.001 => Invariant($"{value:0.00000}"),
            _ => Invariant($"{value:0.0e+0}"),
        };
        return text.Replace('-', '−');
    }

    /// <summary>A number as it is, with up to four decimals, or six where it is below a tenth.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Such as <c>935</c>, <c>91.15</c> or <c>0.00916</c>; a dash where it is not finite.</returns>
    public static string Plain(double value)
    {
        if (!double.IsFinite(value)) return "—";
        var text = Math.Abs(value) switch
        {
            0 => "0",
            >= 1e7 => Invariant($"{value:0.###e+0}"),
            < 0.1 => Invariant($"{value:0.######}"),
            _ => Invariant($"{value:#,0.####}"),
        };
        return text.Replace('-', '−');
    }

    /// <summary>A whole number with thousands separated.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Such as <c>1,017</c>.</returns>
    public static string Whole(long value) => Invariant($"{value:#,0}").Replace('-', '−');

    /// <summary>A fraction as a percentage.</summary>
    /// <param name="fraction">The fraction.</param>
    /// <param name="decimals">Decimals of the percentage.</param>
    /// <returns>Such as <c>91.64 %</c>; a dash where it is not finite.</returns>
    public static string Percent(double fraction, int decimals = 2)
        => double.IsFinite(fraction) ? (100 * fraction).ToString(Invariant($"F{decimals}"), CultureInfo.InvariantCulture).Replace('-', '−') + " %" : "—";

    /// <summary>A difference of fractions in percentage points, with its sign.</summary>
    /// <param name="difference">The difference.</param>
    /// <returns>Such as <c>−0.39</c> or <c>+0.10</c>; a dash where it is not finite.</returns>
    public static string Points(double difference)
        => double.IsFinite(difference) ? (100 * difference).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture).Replace('-', '−') : "—";

    /// <summary>A mean number of bits, with a decimal only where it has one.</summary>
    /// <param name="bits">Bits.</param>
    /// <returns>Such as <c>8</c> or <c>4.3</c>.</returns>
    public static string Bits(double bits) => double.IsFinite(bits) ? Invariant($"{bits:0.#}") : "—";

    /// <summary>A ratio in decibels.</summary>
    /// <param name="decibels">Decibels.</param>
    /// <returns>Such as <c>29.1</c>; a dash where it is not finite.</returns>
    public static string Decibels(double decibels) => double.IsFinite(decibels) ? Invariant($"{decibels:0.0}").Replace('-', '−') : "—";

    /// <summary>The largest unit that does not make a value less than one.</summary>
    /// <param name="value">The value.</param>
    /// <returns>What one unit is worth, and its symbol.</returns>
    public (double Factor, string Symbol) UnitFor(double value)
    {
        var best = _units[0];
        foreach (var unit in _units)
        {
            if (Math.Abs(value) >= unit.Factor) best = unit;
        }

        return best;
    }

    /// <summary>A value with the unit that suits it.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Such as <c>264 KiB</c> or <c>40.8 M</c>.</returns>
    public string Format(double value)
    {
        var (factor, symbol) = UnitFor(value);
        return factor == 1 && value == Math.Floor(value) ? Invariant($"{value:#,0} {symbol}").TrimEnd() : $"{Significant(value / factor)} {symbol}".TrimEnd();
    }
}
