using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;
using Subbyte.Tests.Networks;

namespace Subbyte.Runtime.Tests.Packing;

/// <summary>Small random networks of recurrent layers: sequences of vectors, and words with states that are carried on.</summary>
internal static class RecurrentNetworks
{
    private static readonly string[] Cells = ["LSTM", "GRU", "RNN"];
    private static readonly string[] Activations = ["Sigmoid", "Tanh", "Relu", "Softsign", "Softplus", "Affine", "LeakyRelu", "ThresholdedRelu", "ScaledTanh", "HardSigmoid", "Elu"];

    /// <summary>Sequences of vectors through one or two layers, and a classifier on all their states or the last.</summary>
    public static Network OfSequences(Random random)
    {
        var (steps, inputs) = (random.Next(1, 7), random.Next(1, 40));
        var graph = new GraphBuilder(steps, inputs) { Opset = 14 };
        // Layout 1: the batch first.
        var value = GraphBuilder.Input;
        for (var layers = random.Next(1, 3); layers > 0; layers--)
        {
            var (cell, directions, hidden) = (Cells[random.Next(3)], random.Next(1, 3), random.Next(1, 40));
            value = graph.Add(cell, Inputs(graph, random, cell, value, inputs, hidden, directions, steps), Attributes(random, cell, hidden, directions));
            inputs = directions * hidden;
            value = graph.Add("Reshape", [value, graph.Constant(0, steps, inputs)]);
        }

        value = graph.Add("Reshape", [value, graph.Constant(0, steps * inputs)]);
        return graph.Build(graph.Add("Gemm", [value, graph.Constant(random.Gaussians(5 * steps * inputs, 0.3), 5, steps * inputs), graph.Constant(random.Gaussians(5), 5)], ("transB", 1)));
    }

    /// <summary>A word language model: an embedding, one or two layers of some kind, a decoder.</summary>
    public static Network OfWords(Random random)
    {
        var (words, width) = (random.Next(3, 30), random.Next(2, 40));
        var nodes = new List<Node>();
        var constants = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var (inputs, outputs) = (new List<NetworkValue>(), new List<NetworkValue>());
        inputs.Add(new NetworkValue("words", ElementType.Int64, [new Dimension(null, "N"), new Dimension(1)]));
        outputs.Add(new NetworkValue("logits", ElementType.Float32, []));
        Add("Transpose", ["words"], ["time-first"], ("perm", new long[] { 1, 0 }));
        Add("Gather", [Constant(random.Gaussians(words * width), words, width), "time-first"], ["vectors"]);
        var value = "vectors";
        for (var layer = random.Next(1, 3); layer > 0; layer--)
        {
            var (cell, hidden) = (Cells[random.Next(3)], random.Next(1, 40));
            var gates = cell switch { "LSTM" => 4, "GRU" => 3, _ => 1 };
            string[] states = cell == "LSTM" ? [$"h{layer}", $"c{layer}"] : [$"h{layer}"];
            Add(cell, [value, Constant(random.Gaussians(gates * hidden * width, 0.4), 1, gates * hidden, width), Constant(random.Gaussians(gates * hidden * hidden, 0.4), 1, gates * hidden, hidden), "", "", .. states], [$"all{layer}", .. states.Select(state => state + "'")], ("hidden_size", (long)hidden), ("linear_before_reset", (long)random.Next(2)));
            foreach (var state in states)
            {
                inputs.Add(new NetworkValue(state, ElementType.Float32, [new Dimension(1), new Dimension(null, "N"), new Dimension(hidden)]));
                outputs.Add(new NetworkValue(state + "'", ElementType.Float32, []));
            }

            Add("Squeeze", [$"all{layer}", Integers(1)], [$"y{layer}"]);
            (value, width) = ($"y{layer}", hidden);
        }

        Add("Reshape", [value, Integers(1, -1)], ["last"]);
        Add("MatMul", ["last", Constant(random.Gaussians(width * words), width, words)], ["logits"]);
        return new Network { Name = "words", Inputs = inputs, Outputs = outputs, Nodes = nodes, Constants = constants, Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 17 } };

        void Add(string operation, string[] from, string[] to, params (string Name, AttributeValue Value)[] attributes)
            => nodes.Add(new Node { Name = $"{operation}{nodes.Count}", OpType = operation, Inputs = from, Outputs = to, Attributes = attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value, StringComparer.Ordinal) });

        string Constant(float[] values, params int[] shape) => Keep(Tensor.Of<float>(values, shape));

        string Integers(params long[] values) => Keep(Tensor.Of<long>(values));

        string Keep(Tensor tensor)
        {
            var name = $"constant{constants.Count}";
            constants.Add(name, tensor);
            return name;
        }
    }

    /// <summary>Samples for a network of words: a word, and noise for its states.</summary>
    public static MemorySamples Words(Network network, Random random, int count)
    {
        var plan = ExecutionPlan.Compile(network);
        var (words, length) = ((int)plan.OutputTypes.First().Count, plan.InputTypes.Sum(type => (int)type.Count));
        return new MemorySamples([.. Enumerable.Range(0, count).SelectMany(_ => random.Gaussians(length - 1).Prepend(random.Next(words)))], length);
    }

    private static string[] Inputs(GraphBuilder graph, Random random, string cell, string value, int inputs, int hidden, int directions, int steps)
    {
        var gates = cell switch { "LSTM" => 4, "GRU" => 3, _ => 1 };
        string State() => random.Next(2) == 0 ? "" : graph.Constant(random.Gaussians(directions * hidden), 1, directions, hidden);
        string[] all =
        [
            value,
            graph.Constant(random.Gaussians(directions * gates * hidden * inputs, 0.5), directions, gates * hidden, inputs),
            graph.Constant(random.Gaussians(directions * gates * hidden * hidden, 0.5 / Math.Sqrt(hidden)), directions, gates * hidden, hidden),
            random.Next(2) == 0 ? "" : graph.Constant(random.Gaussians(2 * directions * gates * hidden, 0.5), directions, 2 * gates * hidden),
            random.Next(3) > 0 ? "" : graph.Constant(Tensor.Of<int>([random.Next(0, steps + 1)], 1)),
            State(),
        ];
        return cell != "LSTM" ? all : [.. all, State(), random.Next(2) == 0 ? "" : graph.Constant(random.Gaussians(directions * 3 * hidden), directions, 3 * hidden)];
    }

    private static (string Name, AttributeValue Value)[] Attributes(Random random, string cell, int hidden, int directions)
    {
        var attributes = new List<(string Name, AttributeValue Value)> { ("hidden_size", (long)hidden), ("layout", 1L), ("direction", directions == 2 ? "bidirectional" : random.Next(2) == 0 ? "forward" : "reverse") };
        if (cell == "LSTM" && random.Next(4) == 0) attributes.Add(("input_forget", 1L));
        if (cell == "GRU" && random.Next(2) == 0) attributes.Add(("linear_before_reset", 1L));
        if (random.Next(4) == 0) attributes.Add(("clip", 0.5f));
        if (random.Next(2) == 0) return [.. attributes];
        var functions = directions * cell switch { "LSTM" => 3, "GRU" => 2, _ => 1 };
        attributes.Add(("activations", new AttributeValue(Enumerable.Range(0, functions).Select(_ => Activations[random.Next(Activations.Length)]).ToArray())));
        return [.. attributes];
    }
}
