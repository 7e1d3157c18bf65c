using Subbyte.Methods.Training;
using Subbyte.Networks;
using Subbyte.Networks.Passes;
using Subbyte.Prediction;
using Subbyte.Tensors;

namespace Subbyte.Training;

/// <summary>Makes operators of a network's nodes.</summary>
internal sealed class GraphCompiler
{
    private readonly List<Operator> _operators = [];

    private readonly IReadOnlyDictionary<string, Func<NodeBinding, Operator?>> _factories;

    private readonly IReadOnlyDictionary<string, OutputPrediction> _masks;

    private GraphCompiler(Network network, TrainingMethods methods, IReadOnlyDictionary<string, OutputPrediction> masks)
    {
        (Network, Methods, ReaderCounts, _masks) = (network, methods, network.ReaderCounts(), masks);
        _factories = Factories(network);
        Layers = TrainableLayers.Of(network).ToDictionary(layer => layer.Name, StringComparer.Ordinal);
        Constants = new Dictionary<string, Tensor>(network.Constants, StringComparer.Ordinal);
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>What methods do to the layers.</summary>
    public TrainingMethods Methods { get; }

    /// <summary>Layers with trained weights, by the name of their node.</summary>
    public IReadOnlyDictionary<string, TrainableLayer> Layers { get; }

    /// <summary>The network's constants, and values that do not depend on the sample, for a batch of 1.</summary>
    public Dictionary<string, Tensor> Constants { get; }

    /// <summary>How often each value is read.</summary>
    public IReadOnlyDictionary<string, int> ReaderCounts { get; }

    /// <summary>Maps made so far, by value name.</summary>
    public Dictionary<string, FeatureMap> Maps { get; } = new(StringComparer.Ordinal);

    /// <summary>Constants that have become parameters.</summary>
    public HashSet<string> Trained { get; } = new(StringComparer.Ordinal);

    /// <summary>Operators made so far.</summary>
    public IReadOnlyList<Operator> Operators => _operators;

    /// <summary>Compiles a network.</summary>
    /// <param name="network">A network with one input and one output, or a word language model with its states; constants folded.</param>
    /// <param name="methods">What methods do to its layers.</param>
    /// <param name="steps">Words of a sample, for language models.</param>
    /// <param name="masks">Masks over feature maps, by the name of the ReLU that makes the map.</param>
    /// <returns>Operators in the order of the forward pass, the input map and the output map: logits, also where a softmax follows.</returns>
    /// <exception cref="UserErrorException">Something of it cannot be trained.</exception>
    public static (IReadOnlyList<Operator> Operators, FeatureMap Input, FeatureMap Output) Compile(
        Network network, TrainingMethods methods, int steps, IReadOnlyDictionary<string, OutputPrediction> masks)
    {
        if (!IsSequence(network) && (network.Inputs.Count != 1 || network.Outputs.Count != 1))
            throw new UserErrorException($"network '{network.Name}' has {network.Inputs.Count} inputs and {network.Outputs.Count} outputs; one of each can be trained");
        var nodes = NeededNodes(network);
        Check(network, nodes);
        var compiler = new GraphCompiler(network, methods, masks);
        var input = compiler.AddInput(network.Inputs[0], steps);
        foreach (var node in nodes) compiler.Add(node);
        var output = compiler.Maps[LogitsOf(network)];
        if (output.Shape.Length != (IsSequence(network) ? 2 : 1)) throw new UserErrorException($"network '{network.Name}' ends with {output}; training needs one number per class");
        if (!output.NeedsGradient) throw new UserErrorException($"network '{network.Name}' has nothing to train");
        output.HasGradient = true;
        foreach (var made in compiler._operators.AsEnumerable().Reverse()) made.ClaimGradients();
        return (compiler._operators, input, output);
    }

    /// <summary>Adds an operator that no node asks for.</summary>
    /// <param name="made">The operator.</param>
    public void Add(Operator made) => _operators.Add(made);

    /// <summary>Runs a node alone.</summary>
    /// <param name="node">The node.</param>
    /// <param name="first">Value of its first input, or null when that is a constant.</param>
    /// <returns>Its outputs by name.</returns>
    /// <exception cref="UserErrorException">It cannot be run.</exception>
    public IReadOnlyDictionary<string, Tensor> Evaluate(Node node, Tensor? first)
    {
        var read = node.Inputs.Where(name => Constants.ContainsKey(name)).Distinct().ToDictionary(name => name, name => Constants[name], StringComparer.Ordinal);
        if (first is not null) read[node.Inputs[0]] = first;
        var outputs = node.Outputs.Where(name => name.Length > 0).Select(name => new NetworkValue(name, ElementType.Undefined, []));
        var folded = ConstantFolding.Apply(Network with { Inputs = [], Outputs = [.. outputs], Nodes = [node], Constants = read });
        return folded.Nodes.Count == 0 ? folded.Constants : throw new UserErrorException($"{node} cannot be trained: it cannot be run on constants");
    }

    private static void Check(Network network, IReadOnlyList<Node> nodes)
    {
        var dependent = network.Inputs.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        var factories = Factories(network);
        var unknown = new List<string>();
        foreach (var node in nodes.Where(node => node.Inputs.Any(dependent.Contains) && node.OpType != "Shape"))
        {
            dependent.UnionWith(node.Outputs);
            if (node.Domain.Length > 0 || !factories.ContainsKey(node.OpType)) unknown.Add(node.ToString());
        }

        if (unknown.Count > 0)
            throw new UserErrorException($"these nodes cannot be trained: {string.Join(", ", unknown)}; the operators are {string.Join(", ", factories.Keys.Order(StringComparer.Ordinal))}");
    }

    /// <summary>Whether a network takes word ids.</summary>
    private static bool IsSequence(Network network) => network.Inputs is [{ ElementType: ElementType.Int64 }, ..];

    private static IReadOnlyDictionary<string, Func<NodeBinding, Operator?>> Factories(Network network) => IsSequence(network) ? SequenceOperators.All : OperatorFactory.All;

    /// <summary>The value whose softmax is the network's answer: what a last Softmax reads, or the output itself.</summary>
    private static string LogitsOf(Network network)
        => network.Nodes.LastOrDefault(node => node.Outputs.Contains(network.Outputs[0].Name)) is { OpType: "Softmax" or "LogSoftmax" } softmax ? softmax.Inputs[0] : network.Outputs[0].Name;

    /// <summary>The nodes on which the logits depend; the others would leave gradients undefined.</summary>
    private static List<Node> NeededNodes(Network network)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { LogitsOf(network) };
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

    private void Add(Node node)
    {
        // Shapes, and what is computed from them, do not depend on the sample.
        if (node.OpType == "Shape" && Maps.TryGetValue(node.Inputs[0], out var map)) Keep(Evaluate(node, Tensor.Of<float>(new float[map.Length], [1, .. map.Shape])));
        else if (node.Inputs.All(name => name.Length == 0 || Constants.ContainsKey(name))) Keep(Evaluate(node, null));
        else if (_factories[node.OpType](new NodeBinding(node, this)) is { } made) _operators.Add(made);
        if (_masks.TryGetValue(node.Name, out var prediction)) _operators.Add(new MaskOperator(node.Name, Maps[node.Outputs[0]], prediction.Mask));

        void Keep(IReadOnlyDictionary<string, Tensor> values)
        {
            foreach (var (name, tensor) in values) Constants[name] = tensor;
        }
    }

    private FeatureMap AddInput(NetworkValue input, int steps)
    {
        if (IsSequence(Network)) return Maps[input.Name] = new FeatureMap(input.Name, [1, steps], needsGradient: false);
        if (input.ElementType != ElementType.Float32) throw new UserErrorException($"input {input} is not float32");
        if (input.Shape.Count < 2 || input.Shape.Skip(1).Any(dimension => dimension.Size is not > 0))
            throw new UserErrorException($"input {input} must have a known shape behind its batch dimension");
        return Maps[input.Name] = new FeatureMap(input.Name, [.. input.Shape.Skip(1).Select(dimension => dimension.Size!.Value)], needsGradient: false);
    }
}
