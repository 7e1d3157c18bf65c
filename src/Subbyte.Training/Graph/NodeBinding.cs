using Subbyte.Kernels;
using Subbyte.Methods.Training;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Networks.Operators;
using Subbyte.Tensors;

namespace Subbyte.Training;

/// <summary>A node on its way to becoming an operator: what it reads, and the map that it makes.</summary>
/// <param name="node">The node.</param>
/// <param name="graph">The graph that is being compiled.</param>
internal sealed class NodeBinding(Node node, GraphCompiler graph)
{
    /// <summary>The node.</summary>
    public Node Node { get; } = node;

    /// <summary>Number of operators before it.</summary>
    public int Ordinal => graph.Operators.Count;

    /// <summary>What methods see of the node, which is a layer with trained weights.</summary>
    private TrainableLayer Layer => graph.Layers.TryGetValue(Node.Name, out var layer) ? layer : throw Fail("its weights are no constant matrix");

    /// <summary>A map that the node reads.</summary>
    /// <param name="index">Which input.</param>
    public FeatureMap Map(int index)
        => index < Node.Inputs.Count && graph.Maps.TryGetValue(Node.Inputs[index], out var map) ? map : throw Fail($"input {index} is not a value that depends on the sample");

    /// <summary>Whether an input is there.</summary>
    /// <param name="index">Which input.</param>
    public bool Has(int index) => index < Node.Inputs.Count && Node.Inputs[index].Length > 0;

    /// <summary>Whether an input is a constant.</summary>
    /// <param name="index">Which input.</param>
    public bool IsConstant(int index) => Has(index) && graph.Constants.ContainsKey(Node.Inputs[index]);

    /// <summary>Runs the node on a value of its first input; the others must be constants.</summary>
    /// <param name="input">The value, with a batch of 1.</param>
    /// <returns>The node's outputs by name.</returns>
    public IReadOnlyDictionary<string, Tensor> Evaluate(Tensor input)
    {
        for (var i = 1; i < Node.Inputs.Count; i++)
        {
            if (Has(i) && !IsConstant(i)) throw Fail($"input {i} depends on the sample");
        }

        return graph.Evaluate(Node, input);
    }

    /// <summary>A constant that the node reads.</summary>
    /// <param name="index">Which input.</param>
    public Tensor Constant(int index)
    {
        if (!IsConstant(index)) throw Fail($"input {index} is not a constant");
        var tensor = graph.Constants[Node.Inputs[index]];
        return tensor.ElementType == ElementType.Float32 ? tensor : throw Fail($"input {index} ('{Node.Inputs[index]}') holds {tensor.ElementType}; only float32 can be trained");
    }

    /// <summary>Integers that the node reads as a constant, or has as an attribute in older opsets.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="attribute">Name of the attribute.</param>
    /// <returns>The integers, or null when both are absent.</returns>
    public int[]? Integers(int index, string attribute)
        => IsConstant(index) ? [.. graph.Constants[Node.Inputs[index]].AsSpan<long>().ToArray().Select(value => (int)value)] : Node.Integers(attribute);

    /// <summary>A number that the node reads as a constant, or has as an attribute in older opsets.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="attribute">Name of the attribute.</param>
    /// <param name="absent">Value when both are absent.</param>
    /// <returns>The number.</returns>
    public float Scalar(int index, string attribute, float absent)
    {
        if (!Has(index)) return Node.Float(attribute, absent);
        return Constant(index) is { Length: 1 } only ? only.AsSpan<float>()[0] : throw Fail($"input {index} is not one number");
    }

    /// <summary>Makes a constant that the node reads a parameter.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="role">What it is.</param>
    /// <param name="axes">The order of its axes in memory; none to keep it.</param>
    public Parameter Parameter(int index, ParameterRole role, params ReadOnlySpan<int> axes)
    {
        var constant = Constant(index);
        if (!graph.Trained.Add(Node.Inputs[index])) throw Fail($"constant '{Node.Inputs[index]}' is read more than once; shared parameters cannot be trained");
        return new Parameter(Node.Inputs[index], role, constant, axes);
    }

    /// <summary>The weights of a layer, with the quantizer that a method puts on them.</summary>
    /// <param name="isTransposed">Whether the layer multiplies [k][output].</param>
    /// <param name="axes">The order of the constant's axes that makes it [output][k], k channel-fastest; none when it is.</param>
    public LayerWeights Weights(bool isTransposed, params ReadOnlySpan<int> axes)
    {
        var layer = Layer;
        return new LayerWeights(Parameter(1, ParameterRole.Weight, axes), layer, graph.Methods.Weights(layer), isTransposed);
    }

    /// <summary>The weights [k][output] of a decoder: one with the table of an embedding where that is the same, transposed.</summary>
    public LayerWeights Decoder()
    {
        var (layer, weights) = (Layer, Constant(1));
        var tables = graph.Operators.OfType<EmbeddingOperator>().SelectMany(embedding => embedding.Parameters);
        var table = tables.FirstOrDefault(table => table.Values.AsSpan().SequenceEqual(AxisOrder.Permute(weights.AsSpan<float>(), weights.Dimensions, [1, 0])));
        if (table is null || !graph.Trained.Add(Node.Inputs[1])) return Weights(isTransposed: false, 1, 0);
        var tied = new Parameter(Node.Inputs[1], ParameterRole.Weight, weights, table, 1, 0);
        return new LayerWeights(tied, layer, graph.Methods.Weights(layer));
    }

    /// <summary>What a layer reads: its input, or what a method's quantizer makes of it.</summary>
    public FeatureMap LayerInput()
    {
        var (layer, input) = (Layer, Map(0));
        if (graph.Methods.Activations(layer) is not { } quantizer) return input;
        var hasTrained = quantizer.Parameters.Any(parameter => parameter.Kind == QuantizerParameterKind.Trained);
        var quantized = new FeatureMap($"{Node.Name}.input", input.Shape, input.NeedsGradient || hasTrained);
        graph.Add(new QuantizationOperator(layer, input, quantized, quantizer));
        return quantized;
    }

    /// <summary>A parameter with one element per channel.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="role">What it is.</param>
    /// <param name="channels">Number of channels.</param>
    public Parameter Vector(int index, ParameterRole role, int channels)
    {
        if (Constant(index).Length != channels) throw Fail($"input {index} has {Constant(index).Length} elements where {channels} are needed");
        return Parameter(index, role);
    }

    /// <summary>Makes the map of the node's output.</summary>
    /// <param name="shape">Shape of one sample.</param>
    /// <param name="hasParameters">Whether the node itself has parameters.</param>
    public FeatureMap Output(ReadOnlySpan<int> shape, bool hasParameters = false)
    {
        var needsGradient = hasParameters || Node.Inputs.Any(input => graph.Maps.TryGetValue(input, out var map) && map.NeedsGradient);
        return Put(new FeatureMap(Node.Outputs[0], shape, needsGradient));
    }

    /// <summary>Makes the map of the node's output a view of its input.</summary>
    /// <param name="shape">Shape of one sample.</param>
    public FeatureMap InPlace(ReadOnlySpan<int> shape) => Put(Map(0).InPlace(Node.Outputs[0], shape));

    /// <summary>The map of an activation: in the memory of its input where that may be overwritten.</summary>
    public FeatureMap Activation() => MayOverwriteInput() ? InPlace(Map(0).Shape) : Output(Map(0).Shape);

    /// <summary>Whether the node may overwrite its input: nobody else reads it, and the operator that made it does not look at it again.</summary>
    public bool MayOverwriteInput()
        => graph.ReaderCounts.GetValueOrDefault(Node.Inputs[0]) == 1 && graph.Operators.LastOrDefault(candidate => candidate.Output == Map(0)) is { LooksAtOutput: false };

    /// <summary>Kernel, strides, dilations and pads over the first input.</summary>
    /// <param name="kernel">Kernel sizes.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="groups">Number of groups.</param>
    public ConvolutionGeometry Window(ReadOnlySpan<int> kernel, int outputs, int groups)
    {
        var sample = new TensorType(ElementType.Float32, [1, .. Map(0).Shape]);
        var context = new NodeContext(Node, graph.Network.Opsets.GetValueOrDefault(Node.Domain), [sample], layers: null);
        return SpatialAttributes.Read(context, kernel).Geometry(sample.Dimensions[1], outputs, groups) ?? throw Fail($"a kernel over {kernel.Length} dimensions is not supported; 1 or 2 are");
    }

    /// <summary>An error that names the node.</summary>
    /// <param name="message">What is wrong.</param>
    public UserErrorException Fail(string message) => new($"{Node} cannot be trained: {message}");

    private FeatureMap Put(FeatureMap map)
    {
        graph.Maps[map.Name] = map;
        return map;
    }
}
