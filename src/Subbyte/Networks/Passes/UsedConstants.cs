using Subbyte.Tensors;

namespace Subbyte.Networks.Passes;

/// <summary>Constants that something still reads after a pass.</summary>
internal static class UsedConstants
{
    /// <summary>Keeps what nodes or outputs read.</summary>
    /// <param name="network">The network, for its outputs.</param>
    /// <param name="nodes">The nodes that remain.</param>
    /// <param name="constants">All constants.</param>
    /// <returns>Those that are used.</returns>
    public static Dictionary<string, Tensor> Of(Network network, IEnumerable<Node> nodes, Dictionary<string, Tensor> constants)
    {
        var read = nodes.SelectMany(node => node.Inputs).Concat(network.Outputs.Select(output => output.Name)).ToHashSet(StringComparer.Ordinal);
        return constants.Where(constant => read.Contains(constant.Key)).ToDictionary(StringComparer.Ordinal);
    }
}
