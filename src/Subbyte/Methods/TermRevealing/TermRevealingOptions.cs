using Subbyte.Formats;

namespace Subbyte.Methods.TermRevealing;

/// <summary>What a group that is shorter than the group size may keep.</summary>
public enum TailBudget
{
    /// <summary>The whole group budget k, as if the group were filled up with zeros.</summary>
    Full,

    /// <summary>Its share, ⌈k·L/g⌉ terms for L weights.</summary>
    Proportional,
}

/// <summary>The candidates of the search for the data scale.</summary>
public enum ScaleGrid
{
    /// <summary>maxabs/(2^d − 1)·j/64 for j = 16..64: as fine as the data need.</summary>
    Product,

    /// <summary>
    /// 2,048 steps up to 50, as in the authors' code: steps of 0.0244, and values beyond 50 do not count. For comparison runs only.
    /// </summary>
    Repo,
}

/// <summary>How data are written as terms.</summary>
public enum DataEncoding
{
    /// <summary>Like the weights.</summary>
    Same,

    /// <inheritdoc cref="SignedDigitEncoding.Hese"/>
    Hese,

    /// <inheritdoc cref="SignedDigitEncoding.HeseRun"/>
    HeseRun,

    /// <inheritdoc cref="SignedDigitEncoding.Naf"/>
    Naf,

    /// <inheritdoc cref="SignedDigitEncoding.Booth2"/>
    Booth2,

    /// <inheritdoc cref="SignedDigitEncoding.Booth4"/>
    Booth4,

    /// <inheritdoc cref="SignedDigitEncoding.Binary"/>
    Binary,
}

/// <summary>Options of Term Revealing.</summary>
public sealed record TermRevealingOptions
{
    /// <summary>Weights that share a budget, g: consecutive input channels at one kernel position.</summary>
    [Option("group", "weights that share a budget: consecutive input channels at one kernel position (g)", Minimum = 1, Maximum = 32, Unit = "weights")]
    public int Group { get; set; } = 8;

    /// <summary>Terms kept of one group, k; two a weight by default.</summary>
    [Option("budget", "terms kept of one group of weights (k)", Minimum = 1, Maximum = 127, Unit = "terms")]
    public int Budget { get; set; } = 16;

    /// <summary>Terms kept of one data value, s.</summary>
    [Option("terms", "terms kept of one data value (s)", Minimum = 1, Maximum = 10, Unit = "terms")]
    public int Terms { get; set; } = 3;

    /// <summary>How weights are written as terms, and data unless <see cref="DataEncoding"/> says otherwise.</summary>
    [Option("encoding", "how integers are written as signed powers of two; hese has the fewest terms and the best first ones")]
    public SignedDigitEncoding Encoding { get; set; } = SignedDigitEncoding.Hese;

    /// <summary>How data are written as terms.</summary>
    [Option("data-encoding", "how data are written as signed powers of two, where they differ from the weights")]
    public DataEncoding DataEncoding { get; set; } = DataEncoding.Same;

    /// <summary>Bits of the weights that are revealed, b_w: codes from −2^(b−1) to +2^(b−1), both inclusive.</summary>
    [Option("w", "bits of the uniform weights that are revealed", Minimum = 2, Maximum = 9, Unit = "bits")]
    public int WeightBits { get; set; } = 8;

    /// <summary>Bits of the data that are truncated, b_d: magnitudes up to 2^b − 1.</summary>
    [Option("d", "bits of the uniform data that are truncated", Minimum = 2, Maximum = 9, Unit = "bits")]
    public int DataBits { get; set; } = 8;

    /// <summary>What a group shorter than <see cref="Group"/> may keep.</summary>
    [Option("tail", "what a group that is shorter than the group size may keep: the full budget, or its share")]
    public TailBudget Tail { get; set; } = TailBudget.Full;

    /// <summary>Candidates of the search for the data scale.</summary>
    [Option("grid", "candidates of the data scale: the product's, or those of the authors' code (comparison runs only)")]
    public ScaleGrid Grid { get; set; } = ScaleGrid.Product;

    /// <summary>Whether the data stay float, as in the authors' evaluation of fully connected layers; costs still charge s terms.</summary>
    [Option("float-data", "leaves the data float, as the authors' evaluation of fully connected layers did; costs still charge the terms")]
    public bool FloatData { get; set; }

    /// <summary>The encoding of the data.</summary>
    public SignedDigitEncoding DataDigits => DataEncoding switch
    {
        DataEncoding.Hese => SignedDigitEncoding.Hese,
        DataEncoding.HeseRun => SignedDigitEncoding.HeseRun,
        DataEncoding.Naf => SignedDigitEncoding.Naf,
        DataEncoding.Booth2 => SignedDigitEncoding.Booth2,
        DataEncoding.Booth4 => SignedDigitEncoding.Booth4,
        DataEncoding.Binary => SignedDigitEncoding.Binary,
        _ => Encoding,
    };

    /// <summary>The budget of a group of <paramref name="length"/> weights.</summary>
    /// <param name="length">Weights in the group, 1..<see cref="Group"/>.</param>
    /// <returns>Terms that it may keep.</returns>
    public int BudgetOf(int length) => Tail == TailBudget.Full ? Budget : ((Budget * length) + Group - 1) / Group;
}
