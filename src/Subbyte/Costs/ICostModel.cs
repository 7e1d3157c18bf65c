namespace Subbyte.Costs;

/// <summary>
/// What a layer costs under its method. A cost that depends on data is counted from the base codes of patch rows that the evaluation
/// shows it; one that does not ignores them.
/// </summary>
public interface ICostModel
{
    /// <summary>Whether the cost depends on the activations.</summary>
    bool NeedsRows { get; }

    /// <summary>A counter for one run over data; used by one thread.</summary>
    /// <returns>The counter.</returns>
    ICostCounter Start();
}

/// <summary>Counts one layer's cost during one run.</summary>
public interface ICostCounter
{
    /// <summary>Shows the base codes of one sample's patch rows of one group, in row order.</summary>
    /// <param name="rows">Base codes [positions][depth].</param>
    /// <param name="group">The group, from 0.</param>
    void Observe(ReadOnlySpan<short> rows, int group);

    /// <summary>The cost of one sample, the mean over those observed where it depends on data.</summary>
    /// <param name="samples">Number of samples observed; 0 when none were shown.</param>
    /// <returns>The cost.</returns>
    LayerCost Count(int samples);
}
