using Subbyte.Networks;

namespace Subbyte.Methods.Equalization;

/// <summary>Two layers one of which alone reads what the other makes, by way of operators that scale with their input channel by channel.</summary>
/// <param name="First">The layer that makes the map.</param>
/// <param name="Second">The layer that reads it.</param>
/// <param name="Between">Names of the operators between them, in order.</param>
internal sealed record LayerPair(string First, string Second, IReadOnlyList<string> Between);

/// <summary>Finds the pairs of a network.</summary>
internal static class LayerPairs
{
    /// <summary>The pairs whose layers have matching channels, in execution order.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">Its layers by name.</param>
    /// <param name="clamp">What may happen to clamps from above.</param>
    /// <returns>The pairs.</returns>
    public static IReadOnlyList<LayerPair> Of(Network network, IReadOnlyDictionary<string, ScalableLayer> layers, ClampRule clamp)
    {
        var counts = network.ReaderCounts();
        var readers = network.Nodes.Where(node => node.Inputs.Count > 0).ToLookup(node => node.Inputs[0], StringComparer.Ordinal);
        var pairs = new List<LayerPair>();
        foreach (var node in network.Nodes.Where(node => layers.ContainsKey(node.Name)))
        {
            var between = new List<string>();
            var (value, pooled) = (node.Outputs[0], false);
            while (counts.GetValueOrDefault(value) == 1 && readers[value].SingleOrDefault() is { } next)
            {
                if (layers.TryGetValue(next.Name, out var second))
                {
                    if (second.Inputs == layers[node.Name].Outputs) pairs.Add(new LayerPair(node.Name, next.Name, between));
                    break;
                }

                if (!ScalesWithInput(next, network, clamp, pooled)) break;
                between.Add(next.Name);
                pooled |= next.OpType == "GlobalAveragePool";
                value = next.Outputs[0];
            }
        }

        return pairs;
    }

    /// <summary>The upper end of a clamp; +∞ for a ReLU.</summary>
    /// <param name="node">A node.</param>
    /// <param name="network">Its network.</param>
    /// <returns>The bound, or null where the node is no clamp at zero from below.</returns>
    public static float? UpperBound(Node node, Network network)
    {
        if (node is not { Domain: "", OpType: "Relu" or "Clip" }) return null;
        var (lowest, highest) = ClipBounds.Of(node, network);
        return lowest == 0 && highest > 0 ? highest : null;
    }

    private static bool ScalesWithInput(Node node, Network network, ClampRule clamp, bool pooled)
    {
        if (node.Domain.Length > 0) return false;
        if (node.OpType is "MaxPool" or "AveragePool" or "GlobalAveragePool" or "Identity" or "LeakyRelu") return node.Outputs.Count == 1;
        // After the pooling a channel is one element.
        if (node.OpType == "Flatten") return pooled && node.Integer("axis", 1) == 1;
        return UpperBound(node, network) is { } bound && (float.IsPositiveInfinity(bound) || clamp != ClampRule.Keep);
    }
}
