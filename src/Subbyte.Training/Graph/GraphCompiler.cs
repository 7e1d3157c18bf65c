using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Training;

/// <summary>Makes operators of a network's nodes.</summary>
internal sealed class GraphCompiler
{
    private readonly List<Operator> _operators = [];

    private GraphCompiler(Network network) => (Network, ReaderCounts) = (network, network.ReaderCounts());

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>How often each value is read.</summary>
    public IReadOnlyDictionary<string, int> ReaderCounts { get; }

    /// <summary>Maps made so far, by value name.</summary>
    public Dictionary<string, FeatureMap> Maps { get; } = new(StringComparer.Ordinal);

    /// <summary>Constants that have become parameters.</summary>
    public HashSet<string> Trained { get; } = new(StringComparer.Ordinal);

    /// <summary>Operators made so far.</summary>
    public IReadOnlyList<Operator> Operators => _operators;

    /// <summary>Compiles a network.</summary>
    /// <param name="network">A network with one input and one output.</param>
    /// <returns>Operators in the order of the forward pass, the input map and the output map.</returns>
    /// <exception cref="UserErrorException">Something of it cannot be trained.</exception>
    public static (IReadOnlyList<Operator> Operators, FeatureMap Input, FeatureMap Output) Compile(Network network)
    {
        if (network.Inputs.Count != 1 || network.Outputs.Count != 1)
            throw new UserErrorException($"network '{network.Name}' has {network.Inputs.Count} inputs and {network.Outputs.Count} outputs; one of each can be trained");
        var nodes = NeededNodes(network);
        var unknown = nodes.Where(node => node.Domain.Length > 0 || !OperatorFactory.All.ContainsKey(node.OpType)).Select(node => node.ToString()).ToArray();
        if (unknown.Length > 0)
            throw new UserErrorException($"these nodes cannot be trained: {string.Join(", ", unknown)}; the operators are {string.Join(", ", OperatorFactory.All.Keys.Order(StringComparer.Ordinal))}");

        var compiler = new GraphCompiler(network);
        var input = compiler.AddInput(network.Inputs[0]);
        foreach (var node in nodes)
        {
            if (OperatorFactory.All[node.OpType](new NodeBinding(node, compiler)) is { } made) compiler._operators.Add(made);
        }

        var output = compiler.Maps[network.Outputs[0].Name];
        if (output.Shape.Length != 1) throw new UserErrorException($"network '{network.Name}' ends with {output}; training needs one number per class");
        if (!output.NeedsGradient) throw new UserErrorException($"network '{network.Name}' has nothing to train");
        output.HasGradient = true;
        foreach (var made in compiler._operators.AsEnumerable().Reverse()) made.ClaimGradients();
        return (compiler._operators, input, output);
    }

    /// <summary>The nodes on which the output depends; the others would leave gradients undefined.</summary>
    private static List<Node> NeededNodes(Network network)
    {
        var needed = new HashSet<string>(network.Outputs.Select(output => output.Name), StringComparer.Ordinal);
        var nodes = new List<Node>();
        foreach (var node in network.Nodes.Reverse())
        {
            if (!node.Outputs.Any(needed.Contains)) continue;
            nodes.Add(node);
            needed.UnionWith(node.Inputs);
        }

        nodes.Reverse();
        return nodes;
    }

    private FeatureMap AddInput(NetworkValue input)
    {
        if (input.ElementType != ElementType.Float32) throw new UserErrorException($"input {input} is not float32");
        if (input.Shape.Count < 2 || input.Shape.Skip(1).Any(dimension => dimension.Size is not > 0))
            throw new UserErrorException($"input {input} must have a known shape behind its batch dimension");
        return Maps[input.Name] = new FeatureMap(input.Name, [.. input.Shape.Skip(1).Select(dimension => dimension.Size!.Value)], needsGradient: false);
    }
}
