namespace Subbyte.Methods.Fpec;

/// <summary>How the compensation bits of a word are used (section 3.1).</summary>
public enum CompensationMode
{
    /// <summary>Not at all: plain fixed point.</summary>
    N,

    /// <summary>One bit: the direction of the rounding error.</summary>
    D,

    /// <summary>Two bits: direction, and whether the error counts as zero.</summary>
    Dz,

    /// <summary>Two bits: direction, and whether the error is large or small.</summary>
    Dm,
}

/// <summary>What the modes without a zero bit (D, DM) do about values that are zero.</summary>
public enum ZeroCode
{
    /// <summary>In non-negative tensors the code (0, negative error), which is otherwise impossible, means no error; signed tensors have none to spare.</summary>
    Free,

    /// <summary>Nothing: an exact zero is compensated like any value.</summary>
    Raw,

    /// <summary>Nothing that was rounded to zero is compensated; biases peaked distributions.</summary>
    Skip,
}
