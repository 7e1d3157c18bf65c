using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Training;

/// <summary>
/// Word language models: an embedding, LSTM layers and a decoder, in ONNX's operators. They take word ids [N, steps] and each layer's states, and give the logits of
/// the word after each, [N, steps, words], and the states after the last.
/// </summary>
public static class LanguageModels
{
    private const string Batch = "N";

    /// <summary>The name of the built-in model.</summary>
    public const string Lstm = "lstm";

    /// <summary>Makes a model with initial weights: uniform in ±0.1 for words, in ±1/√units for gates.</summary>
    /// <param name="words">Size of the vocabulary, ≥ 1.</param>
    /// <param name="units">Columns of the embedding and units of each layer, ≥ 1.</param>
    /// <param name="layers">LSTM layers, ≥ 1.</param>
    /// <param name="dropout">Probability of a zero before each layer and the decoder, 0 ≤ dropout &lt; 1; 0 leaves it out.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    /// <param name="tied">Whether the decoder's weights are the embedding's table, transposed; training keeps them so.</param>
    /// <returns>The network, untrained.</returns>
    public static Network Create(int words, int units, int layers, float dropout, ulong seed, bool tied = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(words);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        var graph = new Graph(new SeededRandom(seed), dropout);
        graph.Inputs.Add(new NetworkValue("tokens", ElementType.Int64, [new Dimension(null, Batch), new Dimension(null, ExecutionOptions.StepSymbol)]));
        graph.Outputs.Add(new NetworkValue("logits", ElementType.Float32, [new Dimension(null, Batch), new Dimension(null, ExecutionOptions.StepSymbol), new Dimension(words)]));
        graph.Constants["axis"] = Tensor.Of<long>([1]);
        graph.Add("Transpose", "time-first", ["tokens"], ["tokens.t"], ("perm", new long[] { 1, 0 }));
        graph.Add("Gather", "embedding", [graph.Random("embedding.weight", 0.1f, words, units), "tokens.t"], ["embedding"]);
        var value = graph.Drop("embedding");
        for (var layer = 0; layer < layers; layer++) value = graph.Drop(AddLayer(graph, layer, value, units));
        graph.Add("Transpose", "batch-first", [value], ["state"], ("perm", new long[] { 1, 0, 2 }));
        graph.Add("MatMul", "decoder", ["state", tied ? graph.Transposed("decoder.weight", "embedding.weight") : graph.Random("decoder.weight", 0.1f, units, words)], ["decoder"]);
        graph.Add("Add", "decoder-bias", ["decoder", graph.Random("decoder.bias", 0, words)], ["logits"]);
        return graph.Build();
    }

    private static string AddLayer(Graph graph, int layer, string input, int units)
    {
        var name = $"lstm{layer}";
        var bound = 1 / MathF.Sqrt(units);
        string[] states = [$"{name}.h", $"{name}.c"];
        string[] weights = [graph.Random($"{name}.W", bound, 1, 4 * units, units), graph.Random($"{name}.R", bound, 1, 4 * units, units), graph.Random($"{name}.B", bound, 1, 8 * units)];
        graph.Add("LSTM", name, [input, .. weights, "", .. states], [$"{name}.all", .. states.Select(state => state + ".next")], ("hidden_size", (long)units));
        graph.Add("Squeeze", $"{name}-direction", [$"{name}.all", "axis"], [$"{name}.y"]);
        Dimension[] shape = [new Dimension(1), new Dimension(null, Batch), new Dimension(units)];
        graph.Inputs.AddRange(states.Select(state => new NetworkValue(state, ElementType.Float32, shape)));
        graph.Outputs.AddRange(states.Select(state => new NetworkValue(state + ".next", ElementType.Float32, shape)));
        return $"{name}.y";
    }

    private sealed class Graph(SeededRandom random, float dropout)
    {
        private const long Opset = 17;
        private readonly List<Node> _nodes = [];

        public Dictionary<string, Tensor> Constants { get; } = new(StringComparer.Ordinal);

        public List<NetworkValue> Inputs { get; } = [];

        public List<NetworkValue> Outputs { get; } = [];

        public void Add(string operation, string node, string[] inputs, string[] outputs, params (string Name, AttributeValue Value)[] attributes)
            => _nodes.Add(new Node { Name = node, OpType = operation, Inputs = inputs, Outputs = outputs, Attributes = attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value, StringComparer.Ordinal) });

        public string Drop(string value)
        {
            if (dropout == 0) return value;
            Constants["dropout"] = Tensor.Scalar(dropout);
            Add("Dropout", $"{value}-dropout", [value, "dropout"], [$"{value}.dropped"]);
            return $"{value}.dropped";
        }

        public string Random(string name, float bound, params ReadOnlySpan<int> dimensions)
        {
            var values = new float[ElementTypes.ElementCount(dimensions)];
            for (var i = 0; i < values.Length; i++) values[i] = ((2 * random.NextFloat()) - 1) * bound;
            Constants.Add(name, Tensor.Of<float>(values, dimensions));
            return name;
        }

        public string Transposed(string name, string matrix)
        {
            var dimensions = Constants[matrix].Dimensions;
            Constants.Add(name, Tensor.Of<float>(AxisOrder.Permute(Constants[matrix].AsSpan<float>(), dimensions, [1, 0]), dimensions[1], dimensions[0]));
            return name;
        }

        public Network Build() => new()
        {
            Name = Lstm,
            Inputs = Inputs,
            Outputs = Outputs,
            Nodes = _nodes,
            Constants = Constants,
            Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = Opset },
        };
    }
}
