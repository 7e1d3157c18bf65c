namespace Subbyte.Methods.OneHot;

/// <summary>To which code a value is rounded.</summary>
public enum OneHotRounding
{
    /// <summary>To the nearest value, ties going up.</summary>
    Linear,

    /// <summary>To the nearest exponent; one hot bit only.</summary>
    Log,
}

/// <summary>Of what a code has at most k.</summary>
public enum HotDigits
{
    /// <summary>Ones among seven magnitude bits.</summary>
    Binary,

    /// <summary>Signed digits of the non-adjacent form.</summary>
    Csd,
}

/// <summary>Options of <c>one-hot</c>.</summary>
public record OneHotOptions
{
    /// <summary>To which code a value is rounded.</summary>
    [Option("rounding", "to the nearest value (linear) or the nearest exponent (log)")]
    public OneHotRounding Rounding { get; set; }

    /// <summary>Whether the activations' scale is a power of two.</summary>
    [Option("power-of-two", "whether the scale of the activations is a power of two, as in fixed point")]
    public bool PowerOfTwo { get; set; }

    /// <summary>Which operands are coded.</summary>
    [Option("operands", "which operands are one-hot; the other one stays open for another step, or for int8")]
    public Operands Operands { get; set; }

    /// <summary>Epochs of each stage from many hot bits to few (training).</summary>
    [Option("stage-epochs", "training: epochs of each stage (7-hot, 3-hot, 2-hot) before the last; 0 for none", Minimum = 0, Maximum = 1000, Unit = "epochs")]
    public int StageEpochs { get; set; }
}

/// <summary>Options of <c>k-hot</c>.</summary>
public record KHotOptions
{
    /// <summary>Most hot bits of a code.</summary>
    [Option("k", "most hot bits of a code; 7 is sign-magnitude INT8", Minimum = 1, Maximum = 7)]
    public int K { get; set; } = 2;

    /// <summary>What counts as hot.</summary>
    [Option("digits", "of what a code has at most k: ones of its magnitude (binary) or signed digits (csd)")]
    public HotDigits Digits { get; set; }

    /// <summary>Whether the activations' scale is a power of two.</summary>
    [Option("power-of-two", "whether the scale of the activations is a power of two, as in fixed point")]
    public bool PowerOfTwo { get; set; }

    /// <summary>Which operands are coded.</summary>
    [Option("operands", "which operands are k-hot; the other one stays open for another step, or for int8")]
    public Operands Operands { get; set; }

    /// <summary>Epochs of each stage from many hot bits to few (training).</summary>
    [Option("stage-epochs", "training: epochs of each stage (7-hot, 3-hot, 2-hot) before the last; 0 for none", Minimum = 0, Maximum = 1000, Unit = "epochs")]
    public int StageEpochs { get; set; }
}
