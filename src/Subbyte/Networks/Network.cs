using Subbyte.Tensors;

namespace Subbyte.Networks;

/// <summary>
/// A network as a graph in ONNX's terms: nodes in an order in which each value is made before it is read, constants, inputs and outputs.
/// Immutable; passes make new networks that share what they leave alone.
/// </summary>
public sealed record Network
{
    /// <summary>Name of the graph.</summary>
    public required string Name { get; init; }

    /// <summary>Inputs that are not constants.</summary>
    public required IReadOnlyList<NetworkValue> Inputs { get; init; }

    /// <summary>Outputs.</summary>
    public required IReadOnlyList<NetworkValue> Outputs { get; init; }

    /// <summary>Nodes in topological order.</summary>
    public required IReadOnlyList<Node> Nodes { get; init; }

    /// <summary>Constants (initialisers) by value name.</summary>
    public required IReadOnlyDictionary<string, Tensor> Constants { get; init; }

    /// <summary>Version of each operator domain; the empty domain is ONNX's own.</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    /// <summary>Metadata of the file: keys and values.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Number of elements of all floating-point constants.</summary>
    public long Parameters => Constants.Values.Where(tensor => tensor.ElementType is ElementType.Float32).Sum(tensor => (long)tensor.Length);

    /// <summary>How often each value is read, by nodes and as an output.</summary>
    /// <returns>Counts by value name.</returns>
    public Dictionary<string, int> ReaderCounts()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in Nodes.SelectMany(node => node.Inputs).Concat(Outputs.Select(output => output.Name)))
            counts[name] = counts.GetValueOrDefault(name) + 1;
        return counts;
    }
}
