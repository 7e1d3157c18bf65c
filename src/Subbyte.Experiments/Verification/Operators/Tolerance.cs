using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators;

/// <summary>What the allowed difference of an element is measured in.</summary>
public enum ToleranceKind
{
    /// <summary>None: elements are equal.</summary>
    Equal,

    /// <summary>Units in the last place of the expected element.</summary>
    Ulps,

    /// <summary>ε·Σ|a·b| of the element's sum: K terms may be off by K units whatever their order.</summary>
    Sum,

    /// <summary>ε times the largest expected element: results of several steps that cancel.</summary>
    Largest,

    /// <summary>ε: functions whose approximations are bounded absolutely.</summary>
    Absolute,

    /// <summary>Steps of an integer result.</summary>
    Steps,
}

/// <summary>How far two implementations of an operator may be apart. Integers and Booleans are equal but for <see cref="ToleranceKind.Steps"/>.</summary>
/// <param name="Kind">What is counted.</param>
/// <param name="Units">How many of them.</param>
public sealed record Tolerance(ToleranceKind Kind, double Units)
{
    /// <summary>Equal elements.</summary>
    public static Tolerance Equal { get; } = new(ToleranceKind.Equal, 0);

    /// <summary>Units in the last place.</summary>
    /// <param name="units">How many.</param>
    /// <returns>The tolerance.</returns>
    public static Tolerance Ulps(double units) => new(ToleranceKind.Ulps, units);

    /// <summary>A sum of products.</summary>
    /// <param name="terms">Terms of the longest sum.</param>
    /// <returns>The tolerance.</returns>
    public static Tolerance Sum(long terms) => new(ToleranceKind.Sum, terms);

    /// <summary>ε times the largest element.</summary>
    /// <param name="units">How many.</param>
    /// <returns>The tolerance.</returns>
    public static Tolerance Largest(double units) => new(ToleranceKind.Largest, units);

    /// <summary>Multiples of ε.</summary>
    /// <param name="units">How many.</param>
    /// <returns>The tolerance.</returns>
    public static Tolerance Absolute(double units) => new(ToleranceKind.Absolute, units);

    /// <summary>Steps of an integer.</summary>
    /// <param name="units">How many.</param>
    /// <returns>The tolerance.</returns>
    public static Tolerance Steps(int units) => new(ToleranceKind.Steps, units);

    /// <summary>The allowed difference of one element.</summary>
    /// <param name="type">Type of the elements.</param>
    /// <param name="expected">The expected element.</param>
    /// <param name="magnitude">Σ|a·b| of its sum.</param>
    /// <param name="largest">Largest finite magnitude of an expected element.</param>
    /// <returns>The difference, at least 0.</returns>
    public double Allowed(ElementType type, double expected, double magnitude, double largest)
    {
        if (!type.IsFloatingPoint()) return Kind == ToleranceKind.Steps ? Units : 0;
        return Kind switch
        {
            ToleranceKind.Ulps => Units * Ulp(type, expected),
            ToleranceKind.Sum => Math.Max(Units, 1) * Epsilon(type) * magnitude,
            ToleranceKind.Largest => Units * Epsilon(type) * largest,
            ToleranceKind.Absolute => Units * Epsilon(type),
            _ => 0,
        };
    }

    /// <summary>The tolerance for a table.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Kind switch
    {
        ToleranceKind.Ulps => $"{Units} ulp",
        ToleranceKind.Sum => "K·ε·Σ|a·b|",
        ToleranceKind.Largest => $"{Units}·ε·max|y|",
        ToleranceKind.Absolute => $"{Units}·ε",
        ToleranceKind.Steps => $"{Units} step",
        _ => "equal",
    };

    // The distance from 1 to the next number. Functions and sums of float64 operands are computed in float32.
    private static double Epsilon(ElementType type) => type switch
    {
        ElementType.Float16 => 1.0 / (1 << 10),
        ElementType.BFloat16 => 1.0 / (1 << 7),
        _ => 1.0 / (1 << 23),
    };

    private static double Ulp(ElementType type, double value)
    {
        var smallest = type == ElementType.Float16 ? -14 : -126;
        var exponent = value == 0 || !double.IsFinite(value) ? smallest : Math.Max(Math.ILogB(value), smallest);
        return Math.ScaleB(Epsilon(type), exponent);
    }
}
