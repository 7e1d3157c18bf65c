using Subbyte.Networks;

namespace Subbyte.Methods.Pruning;

/// <summary>
/// Zeroes weights of a trained network by magnitude, anywhere or in the 2:4 pattern of sparse tensor cores, without training: the
/// network's own weights, batch norms already folded unless the recipe keeps them. The bias is not touched.
/// </summary>
public sealed class PrunePass : INetworkPass
{
    private readonly PruneOptions _options;
    private readonly bool _twoOfFour;

    /// <summary>The pass.</summary>
    /// <param name="options">Options.</param>
    /// <exception cref="UserErrorException">Both a pattern and another sparsity than the pattern's are asked for.</exception>
    public PrunePass(PruneOptions options)
    {
        _options = options;
        _twoOfFour = options.Pattern == "2:4";
        if (_twoOfFour && options.Sparsity != new PruneOptions().Sparsity)
            throw new UserErrorException($"recipe step 'prune': pattern=2:4 zeroes half of the weights, so sparsity={options.Sparsity} cannot be had; leave out one of them");
    }

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<PruneOptions>(
        "prune",
        "zeroes the smallest weights, anywhere or two of each four",
        "magnitude pruning; A. Mishra et al., Accelerating Sparse Deep Neural Networks, 2021 (2:4)",
        options => new PrunePass(options),
        "prune:sparsity=0.4 + int8", "prune:pattern=2:4 + sparq:stc");

    /// <inheritdoc/>
    public Network Apply(Network network)
    {
        var layers = PrunableLayer.Of(network);
        if (!_options.Ends) layers = [.. layers.Skip(1).SkipLast(1)];
        if (_twoOfFour) layers = [.. layers.Where(layer => !layer.IsGrouped)];
        Prune(layers);
        return layers.Count == 0 ? network : Replace(network, layers);
    }

    private void Prune(IReadOnlyList<PrunableLayer> layers)
    {
        if (_twoOfFour)
        {
            foreach (var layer in layers) layer.PruneTwoOfFour();
        }
        else if (_options.Scope == PruneScope.Network)
        {
            MagnitudePruning.Prune([.. layers.Select(layer => layer.Weights)], _options.Sparsity);
        }
        else
        {
            foreach (var layer in layers) MagnitudePruning.Prune([layer.Weights], _options.Sparsity);
        }
    }

    // Pruned weights get names of their own: other nodes may read the tensor too.
    private static Network Replace(Network network, IReadOnlyList<PrunableLayer> layers)
    {
        var pruned = layers.ToDictionary(layer => layer.Node, layer => (Name: $"{layer.Node.Name}.weight.pruned", Tensor: layer.ToTensor()));
        var nodes = network.Nodes.Select(node => pruned.TryGetValue(node, out var weights) ? WithWeights(node, weights.Name) : node).ToArray();
        var read = nodes.SelectMany(node => node.Inputs).Concat(network.Outputs.Select(output => output.Name)).ToHashSet(StringComparer.Ordinal);
        var constants = network.Constants.Where(constant => read.Contains(constant.Key)).ToDictionary(StringComparer.Ordinal);
        foreach (var (name, tensor) in pruned.Values) constants[name] = tensor;
        return network with { Nodes = nodes, Constants = constants };
    }

    private static Node WithWeights(Node node, string weights) => new()
    {
        Name = node.Name,
        OpType = node.OpType,
        Domain = node.Domain,
        Inputs = [node.Inputs[0], weights, .. node.Inputs.Skip(2)],
        Outputs = node.Outputs,
        Attributes = node.Attributes,
    };
}
