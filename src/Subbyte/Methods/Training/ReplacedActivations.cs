using Subbyte.Networks;

namespace Subbyte.Methods.Training;

/// <summary>Takes out the ReLUs whose place a method's own activation takes: those whose values reach nothing but the inputs of its layers.</summary>
internal static class ReplacedActivations
{
    /// <summary>Removes the ReLUs.</summary>
    /// <param name="network">The network; it is not changed.</param>
    /// <param name="covers">Whether the method has an activation at the input of a layer.</param>
    /// <returns>The network without them.</returns>
    public static Network Remove(Network network, Func<TrainableLayer, bool> covers)
    {
        var covered = TrainableLayers.Of(network).Where(covers).Select(layer => layer.Name).ToHashSet(StringComparer.Ordinal);
        var readers = network.Nodes.SelectMany(node => node.Inputs.Select((input, index) => (input, node, index))).ToLookup(read => read.input, read => (read.node, read.index), StringComparer.Ordinal);
        var outputs = network.Outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        var nodes = new List<Node>();
        foreach (var node in network.Nodes)
        {
            var inputs = node.Inputs.Select(input => renamed.GetValueOrDefault(input, input)).ToArray();
            if (node is { Domain: "", OpType: "Relu" } && ReachesOnlyLayers(node.Outputs[0])) renamed[node.Outputs[0]] = inputs[0];
            else nodes.Add(inputs.SequenceEqual(node.Inputs) ? node : node.WithInputs(inputs));
        }

        return renamed.Count == 0 ? network : network with { Nodes = nodes };

        bool ReachesOnlyLayers(string value)
            => !outputs.Contains(value) && readers[value].Any()
                && readers[value].All(read => read.index == 0 && (covered.Contains(read.node.Name) || (TrainableLayers.PassesValues(read.node) && ReachesOnlyLayers(read.node.Outputs[0]))));
    }
}
