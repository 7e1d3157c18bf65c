using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Training;

/// <summary>
/// Writes a network in ONNX's terms (opset 17), layer by layer, with initial weights from a seed: uniform in ±√(6 / inputs) for convolutions
/// (He et al., "Delving deep into rectifiers", ICCV 2015) and in ±1/√inputs for linear layers.
/// </summary>
public sealed partial class NetworkBuilder
{
    private readonly string _name;
    private readonly NetworkValue _input;
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, Tensor> _constants = new(StringComparer.Ordinal);
    private readonly SeededRandom _random;

    /// <summary>Begins a network.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inputShape">Shape of one sample: channels, height, width.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    public NetworkBuilder(string name, ReadOnlySpan<int> inputShape, ulong seed)
    {
        _name = name;
        _random = new SeededRandom(seed);
        _input = new NetworkValue("input", ElementType.Float32, [new Dimension(null, "N"), .. inputShape.ToArray().Select(size => new Dimension(size))]);
        Input = new LayerValue("input", inputShape.ToArray());
    }

    /// <summary>The network's input.</summary>
    public LayerValue Input { get; }

    /// <summary>Adds a convolution.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">What it reads: [channels, height, width].</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="kernel">Height and width of the kernel.</param>
    /// <param name="stride">Stride in both directions.</param>
    /// <param name="groups">Number of groups; as many as channels for a depthwise one.</param>
    /// <param name="bias">Whether it has a bias; a batch normalization behind it makes that pointless.</param>
    /// <param name="padding">Zeros on each side, or null for as many as keep the size at stride 1 with an odd kernel.</param>
    /// <returns>Its output.</returns>
    public LayerValue Convolution(string name, LayerValue input, int outputs, int kernel, int stride = 1, int groups = 1, bool bias = false, int? padding = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        var channels = input.Shape[0] / groups;
        var pad = padding ?? kernel / 2;
        string[] inputs = [input.Name, Weights(name, MathF.Sqrt(6f / (channels * kernel * kernel)), outputs, channels, kernel, kernel)];
        if (bias) inputs = [.. inputs, Constant(name, "bias", 0, outputs)];
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
        {
            ["kernel_shape"] = new long[] { kernel, kernel },
            ["strides"] = new long[] { stride, stride },
            ["pads"] = new long[] { pad, pad, pad, pad },
            ["group"] = groups,
        };
        return Add(name, "Conv", inputs, [outputs, Sizes(input, 1), Sizes(input, 2)], attributes);

        int Sizes(LayerValue value, int dimension) => ((value.Shape[dimension] + (2 * pad) - kernel) / stride) + 1;
    }

    /// <summary>Adds a batch normalization with scale 1 and shift 0.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">What it reads.</param>
    /// <returns>Its output.</returns>
    public LayerValue BatchNormalization(string name, LayerValue input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var channels = input.Shape[0];
        string[] inputs = [input.Name, Constant(name, "scale", 1, channels), Constant(name, "shift", 0, channels), Constant(name, "mean", 0, channels), Constant(name, "variance", 1, channels)];
        return Add(name, "BatchNormalization", inputs, input.Shape);
    }

    /// <summary>Adds a ReLU.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">What it reads.</param>
    /// <returns>Its output.</returns>
    public LayerValue Relu(string name, LayerValue input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Add(name, "Relu", [input.Name], input.Shape);
    }

    /// <summary>Adds a convolution without bias, a batch normalization and a ReLU: <c>conv…</c>, <c>bn…</c> and <c>relu…</c>.</summary>
    /// <param name="suffix">What follows these three names.</param>
    /// <param name="input">What it reads: [channels, height, width].</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="kernel">Height and width of the kernel, odd.</param>
    /// <param name="stride">Stride in both directions.</param>
    /// <param name="groups">Number of groups.</param>
    /// <returns>The output of the ReLU.</returns>
    public LayerValue Unit(string suffix, LayerValue input, int outputs, int kernel, int stride = 1, int groups = 1)
        => Relu($"relu{suffix}", BatchNormalization($"bn{suffix}", Convolution($"conv{suffix}", input, outputs, kernel, stride, groups)));

    /// <summary>Adds the sum of two values of one shape.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="first">First summand.</param>
    /// <param name="second">Second summand.</param>
    /// <returns>Its output.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public LayerValue Sum(string name, LayerValue first, LayerValue second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (!first.Shape.SequenceEqual(second.Shape)) throw new ArgumentException($"{first} and {second} have different shapes", nameof(second));
        return Add(name, "Add", [first.Name, second.Name], first.Shape);
    }

    /// <summary>Adds a maximum over windows that do not overlap.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">What it reads: [channels, height, width].</param>
    /// <param name="size">Height and width of the window.</param>
    /// <returns>Its output.</returns>
    public LayerValue MaxPool(string name, LayerValue input, int size) => Pool(name, "MaxPool", input, size);

    /// <summary>Adds the mean over all positions, as a vector.</summary>
    /// <param name="name">Name of the node; that of the following Flatten is <c>flatten</c>.</param>
    /// <param name="input">What it reads: [channels, height, width].</param>
    /// <returns>A vector with one element per channel.</returns>
    public LayerValue GlobalAveragePool(string name, LayerValue input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Flatten("flatten", Add(name, "GlobalAveragePool", [input.Name], [input.Shape[0], 1, 1]));
    }

    /// <summary>Adds a reshape to a vector.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">What it reads.</param>
    /// <returns>Its output.</returns>
    public LayerValue Flatten(string name, LayerValue input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Add(name, "Flatten", [input.Name], [(int)ElementTypes.ElementCount([.. input.Shape])]);
    }

    /// <summary>Adds a fully connected layer with a bias.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">What it reads: a vector.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <returns>Its output.</returns>
    public LayerValue Linear(string name, LayerValue input, int outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { ["transB"] = 1 };
        var inputs = input.Shape[0];
        return Add(name, "Gemm", [input.Name, Weights(name, 1 / MathF.Sqrt(inputs), outputs, inputs), Constant(name, "bias", 0, outputs)], [outputs], attributes);
    }

    /// <summary>Ends the network.</summary>
    /// <param name="output">What it gives.</param>
    /// <param name="preprocessing">What it expects to be done to stored values, written into its metadata.</param>
    /// <returns>The network.</returns>
    public Network Build(LayerValue output, Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(preprocessing);
        return new Network
        {
            Name = _name,
            Inputs = [_input],
            Outputs = [new NetworkValue(output.Name, ElementType.Float32, [new Dimension(null, "N"), .. output.Shape.Select(size => new Dimension(size))])],
            Nodes = _nodes,
            Constants = _constants,
            Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 17 },
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [Preprocessing.MetadataKey] = preprocessing.ToString() },
        };
    }

    private LayerValue Add(string name, string opType, IReadOnlyList<string> inputs, IReadOnlyList<int> shape, IReadOnlyDictionary<string, AttributeValue>? attributes = null)
    {
        var output = $"{name}_output";
        _nodes.Add(attributes is null
            ? new Node { Name = name, OpType = opType, Inputs = inputs, Outputs = [output] }
            : new Node { Name = name, OpType = opType, Inputs = inputs, Outputs = [output], Attributes = attributes });
        return new LayerValue(output, shape);
    }

    private LayerValue Pool(string name, string opType, LayerValue input, int size)
    {
        ArgumentNullException.ThrowIfNull(input);
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { ["kernel_shape"] = new long[] { size, size }, ["strides"] = new long[] { size, size } };
        return Add(name, opType, [input.Name], [input.Shape[0], input.Shape[1] / size, input.Shape[2] / size], attributes);
    }

    private string Weights(string layer, float bound, params ReadOnlySpan<int> dimensions)
    {
        var values = new float[ElementTypes.ElementCount(dimensions)];
        for (var i = 0; i < values.Length; i++) values[i] = ((2 * _random.NextFloat()) - 1) * bound;
        return Keep($"{layer}.weight", Tensor.Of<float>(values, dimensions));
    }

    private string Constant(string layer, string role, float value, int length)
        => Keep($"{layer}.{role}", Tensor.Of<float>(Enumerable.Repeat(value, length).ToArray(), length));

    private string Keep(string name, Tensor tensor)
    {
        _constants.Add(name, tensor);
        return name;
    }
}
