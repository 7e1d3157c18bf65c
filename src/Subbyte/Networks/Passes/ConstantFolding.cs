using System.Runtime.CompilerServices;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Passes;

/// <summary>
/// Runs nodes that read nothing but constants, with the operators that would run them later: weights behind Constant, Identity, Transpose or
/// DequantizeLinear nodes become constants, which other passes see. A node whose results would be large, or that fails, stays.
/// </summary>
public static class ConstantFolding
{
    // What folding makes may be larger than what it reads, but not without bounds: a small file must not ask for all memory.
    private const long LargestBytes = 64 << 20;

    private static readonly ConditionalWeakTable<Network, Network> Folded = [];

    /// <summary>Folds all nodes that can be folded. The result for a network is kept while the network lives.</summary>
    /// <param name="network">The network; it is not changed.</param>
    /// <returns>The folded network; the same object when nothing could be folded.</returns>
    public static Network Apply(Network network) => Folded.GetValue(network, Fold);

    private static Network Fold(Network network)
    {
        var constants = new Dictionary<string, Tensor>(network.Constants, StringComparer.Ordinal);
        var room = LargestBytes + (16 * constants.Values.Sum(tensor => (long)Math.Max(tensor.Bytes.Length, tensor.Length)));
        var kept = new List<Node>(network.Nodes.Count);
        foreach (var node in network.Nodes)
        {
            if (node.Inputs.All(input => input.Length == 0 || constants.ContainsKey(input)) && Run(node, network, constants) is { } results && Bytes(results) <= room)
            {
                room -= Bytes(results);
                foreach (var (name, tensor) in results) constants[name] = tensor;
            }
            else
            {
                kept.Add(node);
            }
        }

        return kept.Count == network.Nodes.Count ? network : network with { Nodes = kept, Constants = UsedConstants.Of(network, kept, constants) };
    }

    private static long Bytes(Dictionary<string, Tensor> tensors) => tensors.Values.Sum(tensor => (long)tensor.Bytes.Length);

    /// <summary>Plans a network of this node alone; the plan folds it.</summary>
    private static Dictionary<string, Tensor>? Run(Node node, Network network, Dictionary<string, Tensor> constants)
    {
        var read = node.Inputs.Where(input => input.Length > 0).Distinct().ToDictionary(input => input, input => constants[input], StringComparer.Ordinal);
        var outputs = node.Outputs.Where(output => output.Length > 0).ToArray();
        try
        {
            var plan = ExecutionPlan.Compile(network with
            {
                Inputs = [],
                Outputs = [.. outputs.Select(output => new NetworkValue(output, ElementType.Undefined, []))],
                Nodes = [node],
                Constants = read,
            });
            var results = new ExecutionFrame(plan).Results;
            var made = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            for (var i = 0; i < outputs.Length; i++) made[outputs[i]] = results[i];
            return made;
        }
        catch (UserErrorException)
        {
            // The plan of the whole network says what is wrong, if it cannot do without the node.
            return null;
        }
    }
}
