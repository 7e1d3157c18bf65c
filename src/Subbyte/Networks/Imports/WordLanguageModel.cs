using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Imports;

/// <summary>
/// Makes a network of the arrays of PyTorch's word language model: an embedding, LSTM layers, and a decoder that shares the embedding's weights.
/// The network takes word ids [N, steps] and each layer's states, and gives the logits of the word after each, [N, steps, words], and the states after the last.
/// </summary>
public static class WordLanguageModel
{
    /// <summary>Size of the batch: sequences side by side.</summary>
    private const string Batch = "N";

    private const string Embedding = "emb.weight";
    private const string DecoderBias = "bias";

    /// <summary>Makes the network.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arrays">
    /// <c>emb.weight</c> [words][hidden], <c>bias</c> [words], and for layer l from 0 on <c>rnn.weight_ih_l</c>, <c>rnn.weight_hh_l</c> [4·hidden][inputs],
    /// <c>rnn.bias_ih_l</c>, <c>rnn.bias_hh_l</c> [4·hidden], gates in the order input, forget, cell, output.
    /// </param>
    /// <returns>The network, in ONNX's operators.</returns>
    /// <exception cref="UserErrorException">An array is missing, unknown, or of another shape.</exception>
    public static Network Create(string name, IReadOnlyDictionary<string, Tensor> arrays)
    {
        var graph = new Graph(name, arrays);
        var embedding = graph.Array(Embedding, null, null);
        var (words, hidden) = (embedding.Dimensions[0], embedding.Dimensions[1]);
        graph.Constants[Embedding] = embedding;
        graph.Constants["decoder.bias"] = graph.Array(DecoderBias, words);
        graph.Constants["axis"] = Tensor.Of<long>([1]);
        graph.Add("Transpose", "time-first", ["tokens"], ["tokens.t"], ("perm", new long[] { 1, 0 }));
        graph.Add("Gather", "embedding", [Embedding, "tokens.t"], ["embedding"]);
        graph.Inputs.Add(new NetworkValue("tokens", ElementType.Int64, [new Dimension(null, Batch), new Dimension(null, ExecutionOptions.StepSymbol)]));
        graph.Outputs.Add(new NetworkValue("logits", ElementType.Float32, [new Dimension(null, Batch), new Dimension(null, ExecutionOptions.StepSymbol), new Dimension(words)]));
        var layers = Enumerable.Range(0, int.MaxValue).TakeWhile(layer => arrays.ContainsKey($"rnn.weight_ih_l{layer}")).Count();
        var value = "embedding";
        for (var layer = 0; layer < layers; layer++) value = AddLayer(graph, layer, value, hidden);
        if (layers == 0) graph.Array("rnn.weight_ih_l0", 4 * hidden, hidden);
        if (arrays.Keys.FirstOrDefault(key => !graph.Used.Contains(key)) is { } unknown)
            throw new UserErrorException($"{name}: array '{unknown}' is not part of a word language model; it has {Embedding}, {DecoderBias} and rnn.weight_ih_l0 and its like");
        graph.Add("Transpose", "batch-first", [value], ["state"], ("perm", new long[] { 1, 0, 2 }));
        graph.Add("Transpose", "tied-weights", [Embedding], ["decoder.weight"], ("perm", new long[] { 1, 0 }));
        graph.Add("MatMul", "decoder", ["state", "decoder.weight"], ["decoder"]);
        graph.Add("Add", "decoder-bias", ["decoder", "decoder.bias"], ["logits"]);
        return graph.Build();
    }

    private static string AddLayer(Graph graph, int layer, string input, int hidden)
    {
        var name = $"lstm{layer}";
        var weights = graph.Array($"rnn.weight_ih_l{layer}", 4 * hidden, hidden);
        var recurrence = graph.Array($"rnn.weight_hh_l{layer}", 4 * hidden, hidden);
        var inputBias = graph.Array($"rnn.bias_ih_l{layer}", 4 * hidden);
        var stateBias = graph.Array($"rnn.bias_hh_l{layer}", 4 * hidden);
        graph.Constants[$"{name}.W"] = Tensor.Of<float>(Gates(weights), 1, 4 * hidden, hidden);
        graph.Constants[$"{name}.R"] = Tensor.Of<float>(Gates(recurrence), 1, 4 * hidden, hidden);
        graph.Constants[$"{name}.B"] = Tensor.Of<float>([.. Gates(inputBias), .. Gates(stateBias)], 1, 8 * hidden);
        string[] states = [$"{name}.h", $"{name}.c"];
        graph.Add("LSTM", name, [input, $"{name}.W", $"{name}.R", $"{name}.B", "", .. states], [$"{name}.all", .. states.Select(state => state + ".next")], ("hidden_size", (long)hidden));
        graph.Add("Squeeze", $"{name}-direction", [$"{name}.all", "axis"], [$"{name}.y"]);
        Dimension[] shape = [new Dimension(1), new Dimension(null, Batch), new Dimension(hidden)];
        graph.Inputs.AddRange(states.Select(state => new NetworkValue(state, ElementType.Float32, shape)));
        graph.Outputs.AddRange(states.Select(state => new NetworkValue(state + ".next", ElementType.Float32, shape)));
        return $"{name}.y";
    }

    /// <summary>Rows of the gates input, forget, cell, output in ONNX's order: input, output, forget, cell.</summary>
    private static float[] Gates(Tensor rows)
    {
        var values = rows.AsSpan<float>();
        var gate = values.Length / 4;
        return [.. values[..gate], .. values[(3 * gate)..], .. values[gate..(3 * gate)]];
    }

    private sealed class Graph(string name, IReadOnlyDictionary<string, Tensor> arrays)
    {
        private const long Opset = 17;
        private readonly List<Node> _nodes = [];

        public Dictionary<string, Tensor> Constants { get; } = new(StringComparer.Ordinal);

        public List<NetworkValue> Inputs { get; } = [];

        public List<NetworkValue> Outputs { get; } = [];

        public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

        public Tensor Array(string key, params int?[] shape)
        {
            Used.Add(key);
            if (!arrays.TryGetValue(key, out var array)) throw new UserErrorException($"{name}: has no array '{key}', which a word language model needs");
            var fits = array.ElementType == ElementType.Float32 && array.Rank == shape.Length;
            for (var axis = 0; fits && axis < shape.Length; axis++) fits = shape[axis] is not { } size || size == array.Dimensions[axis];
            return fits ? array : throw new UserErrorException($"{name}: array '{key}' is {array}; a word language model needs Float32[{string.Join(",", shape.Select(size => size?.ToString() ?? "?"))}]");
        }

        public void Add(string operation, string node, string[] inputs, string[] outputs, params (string Name, AttributeValue Value)[] attributes)
            => _nodes.Add(new Node { Name = node, OpType = operation, Inputs = inputs, Outputs = outputs, Attributes = attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value, StringComparer.Ordinal) });

        public Network Build() => new()
        {
            Name = name,
            Inputs = Inputs,
            Outputs = Outputs,
            Nodes = _nodes,
            Constants = Constants,
            Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = Opset },
        };
    }
}
