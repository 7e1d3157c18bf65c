namespace Subbyte.Methods.Sparq;

/// <summary>Options of <see cref="SparqMethod"/>.</summary>
public sealed record SparqOptions
{
    /// <summary>The window: bits kept and number of placements.</summary>
    [Option("window", "bits kept of each activation and number of places where they may lie", Choices = "4b5opt|4b3opt|4b2opt|3b6opt|2b7opt|5opt=4b5opt|3opt=4b3opt|2opt=4b2opt")]
    public string Window { get; set; } = SparqWindow.Default.Name;

    /// <summary>Whether the bits below the window round; cutting them off shifts the mean of every sum downwards.</summary>
    [Option("round", "round the bits below the window to the nearest, ties to even, instead of cutting them off")]
    public bool Round { get; set; } = true;

    /// <summary>Whether an activation takes the budget of a zero neighbour (vSPARQ).</summary>
    [Option("pairs", "an activation beside a zero takes the budget of both (vSPARQ); false leaves bSPARQ alone")]
    public bool Pairs { get; set; } = true;

    /// <summary>Whether pairs are formed on a sparse tensor core.</summary>
    [Option("stc", "pair the activations of the two weights that 2:4 pruning left of each four (sparse tensor core)")]
    public bool Stc { get; set; }

    /// <summary>What the largest weight of a channel is divided by.</summary>
    [Option("weight-scale", "weight step: 2·max/255 with codes -128..127 as published, or max/127 with codes -127..127", Choices = "255|127")]
    public string WeightScale { get; set; } = "255";
}
