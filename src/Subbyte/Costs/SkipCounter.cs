namespace Subbyte.Costs;

/// <summary>
/// Counts the outputs of a layer that a prediction skips. One skipped output saves the multiply-accumulates of one dot product; zeros that the
/// next layer might skip on its own are not counted (zero prediction, section 6).
/// </summary>
/// <param name="depth">Multiply-accumulates of one output.</param>
public sealed class SkipCounter(int depth)
{
    /// <summary>Outputs seen.</summary>
    public long Outputs { get; private set; }

    /// <summary>Outputs that were skipped.</summary>
    public long Skipped { get; private set; }

    /// <summary>Skipped outputs that are not zero when they are computed.</summary>
    public long Wrong { get; private set; }

    /// <summary>Counts one sample.</summary>
    /// <param name="map">Exact values.</param>
    /// <param name="keep">All ones where an element is computed, zero where it is skipped.</param>
    public void Observe(ReadOnlySpan<float> map, ReadOnlySpan<uint> keep)
    {
        Outputs += map.Length;
        for (var i = 0; i < map.Length; i++)
        {
            if (keep[i] != 0) continue;
            Skipped++;
            if (map[i] != 0) Wrong++;
        }
    }

    /// <summary>The cost of the layer with what is skipped beside it; all other figures stay those of the layer that computes everything.</summary>
    /// <param name="dense">Cost of the layer that computes everything.</param>
    /// <param name="samples">Number of samples counted.</param>
    /// <returns>The cost for one sample, the mean over those counted.</returns>
    public LayerCost AddTo(LayerCost dense, int samples)
    {
        var mean = 1.0 / Math.Max(1, samples);
        return dense with
        {
            Operations = new Dictionary<string, double>(dense.Operations, StringComparer.Ordinal)
            {
                ["macs.predicted"] = dense.Macs,
                ["macs.skipped"] = Skipped * (double)depth * mean,
                ["outputs.skipped"] = Skipped * mean,
                ["outputs.skippedWrongly"] = Wrong * mean,
            },
        };
    }
}
