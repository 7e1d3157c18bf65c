namespace Subbyte.Methods.CrossNeuron;

/// <summary>Options of <c>cross-neuron</c>.</summary>
public sealed record CrossNeuronOptions
{
    /// <summary>Side of a window; two loses least accuracy.</summary>
    [Option("window", "side of the square windows that a map is cut into", Minimum = 2, Maximum = 8, Unit = "pixels")]
    public int Window { get; set; } = 2;

    /// <summary>Largest anchor that still lets the rest of its window be skipped.</summary>
    [Option("threshold", "the rest of a window is skipped when no anchor exceeds this activation", Minimum = 0)]
    public double Threshold { get; set; }

    /// <summary>Which positions are always computed.</summary>
    [Option("anchor", "positions of a window that are always computed")]
    public AnchorPattern Anchor { get; set; }

    /// <summary>Whether maps that only a max pooling reads are treated apart.</summary>
    [Option("pool-aware", "where only a max pooling reads the map, align windows with its windows and compute nothing but anchors")]
    public bool PoolAware { get; set; }

    /// <summary>Whether such maps still compute the rest of windows whose anchors exceed the threshold.</summary>
    [Option("exact", "with pool-aware: compute the rest of a window whose anchors exceed the threshold after all")]
    public bool Exact { get; set; }
}
