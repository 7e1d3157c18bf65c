namespace Subbyte.Methods.Pruning;

/// <summary>Over which weights the smallest magnitudes are looked for.</summary>
public enum PruneScope
{
    /// <summary>Layer by layer: each loses the same share.</summary>
    Layer,

    /// <summary>Over all layers at once: a layer of small weights loses more.</summary>
    Network,
}

/// <summary>Options of <see cref="PrunePass"/>.</summary>
public sealed record PruneOptions
{
    /// <summary>Share of the weights that become zero; 0.4 is where NB-SMT's comparison of pruned networks starts.</summary>
    [Option("sparsity", "share of the weights that become zero, the smallest first; for pattern=any", Minimum = 0, Maximum = 1)]
    public double Sparsity { get; set; } = 0.4;

    /// <summary>Where zeros may lie.</summary>
    [Option("pattern", "where zeros may lie: anywhere, or two in each four consecutive inputs of ungrouped layers (2:4)", Choices = "any|2:4")]
    public string Pattern { get; set; } = "any";

    /// <summary>Over which weights the smallest are looked for.</summary>
    [Option("scope", "whether each layer loses the same share or the smallest weights of the network go; for pattern=any")]
    public PruneScope Scope { get; set; }

    /// <summary>Whether the first and the last layer are pruned too; they have few weights and lose most by it.</summary>
    [Option("ends", "prune the first and the last layer too")]
    public bool Ends { get; set; }
}
