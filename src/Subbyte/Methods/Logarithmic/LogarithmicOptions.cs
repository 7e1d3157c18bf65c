namespace Subbyte.Methods.Logarithmic;

/// <summary>In which domain a value is rounded to a power of two.</summary>
public enum LogarithmicRounding
{
    /// <summary>To the nearest value; it changes at 1.5·2^k.</summary>
    Linear,

    /// <summary>To the nearest exponent; it changes at √2·2^k.</summary>
    Log,
}

/// <summary>Options of <c>log</c>.</summary>
public sealed record LogarithmicOptions
{
    /// <summary>Bits of a code, sign included.</summary>
    [Option("bits", "bits of a code, sign included: zero and 2^(bits−1) − 1 powers of two", Minimum = 2, Maximum = 5, Unit = "bits")]
    public int Bits { get; set; } = 4;

    /// <summary>In which domain values are rounded.</summary>
    [Option("rounding", "to the nearest value (linear) or the nearest exponent (log)")]
    public LogarithmicRounding Rounding { get; set; }

    /// <summary>Which operands are coded.</summary>
    [Option("operands", "which operands are logarithmic; the other one stays open for another step, or for int8")]
    public Operands Operands { get; set; }
}
