using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Onnx.Export;

/// <summary>
/// One step of an LSTM in ordinary operators: ONNX's recurrent operators have no low-bit form, so the two products of its gates are written as the
/// layers that they are, and the gates' functions behind them. The network then takes one step at a time.
/// </summary>
internal static class RecurrentForm
{
    private const int Sequence = 0, Weights = 1, Recurrence = 2, Bias = 3, Lengths = 4, State = 5, Cell = 6, Peepholes = 7;
    private const int Gates = 4;
    private const long SplitCountOpset = 18;

    private static readonly HashSet<string> Operators = new(StringComparer.Ordinal) { "LSTM", "GRU", "RNN" };

    /// <summary>Names of the layers that a recurrent node consists of, where some of them are lowered.</summary>
    /// <param name="node">A node.</param>
    /// <param name="layers">Lowered layers by name.</param>
    /// <returns>The names; none when the node stays as it is.</returns>
    public static IReadOnlyList<string> Lowered(Node node, IReadOnlyDictionary<string, LoweredLayer> layers)
        => Operators.Contains(node.OpType) ? [.. layers.Keys.Where(name => name.StartsWith(node.Name + "/", StringComparison.Ordinal))] : [];

    /// <summary>Writes a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="source">The network.</param>
    /// <param name="layers">Lowered layers by name.</param>
    /// <param name="write">Writes a layer that a product of the given node is.</param>
    /// <returns>The graphs whose nodes stand for it, in order.</returns>
    /// <exception cref="NotExpressibleException">It has no such form.</exception>
    public static IReadOnlyList<CodeGraph> Write(Node node, Network source, IReadOnlyDictionary<string, LoweredLayer> layers, Func<Node, LoweredLayer, CodeGraph> write)
    {
        if (WhyNot(node, layers) is { } reason) throw new NotExpressibleException(reason);
        var before = new CodeGraph($"{node.Name}/before");
        var first = before.Constant("step", Tensor.Of<long>([0]));
        var x = before.Add("Squeeze", [node.Inputs[Sequence], first]);
        var (h, c) = (before.Add("Squeeze", [node.Inputs[State], first]), before.Add("Squeeze", [node.Inputs[Cell], first]));
        var (fromInput, fromState) = (Product(node, "input", x, Weights), Product(node, "state", h, Recurrence));
        return [before, Write(fromInput, Weights), Write(fromState, Recurrence), Step(node, source, fromInput.Outputs[0], fromState.Outputs[0], c, first)];

        CodeGraph Write(Node product, int weights)
            => layers.TryGetValue(product.Name, out var layer) ? write(product, layer) : Float(product, source.Constants[node.Inputs[weights]], Values(node, source), weights - 1);
    }

    private static string? WhyNot(Node node, IReadOnlyDictionary<string, LoweredLayer> layers)
    {
        if (node.OpType != "LSTM") return $"the steps of {node.OpType} are written for none but LSTM; leave it in fp32 by naming the other layers in the recipe";
        if (layers.Values.FirstOrDefault(layer => layer.Layer.Name.StartsWith(node.Name + "/", StringComparison.Ordinal) && layer.Layer.Positions != 1) is { } steps)
            return $"its {steps.Layer.Positions} steps would be written one after the other; a network that takes one step at a time, its states inputs and outputs, can be written";
        if (node.Attributes.Keys.FirstOrDefault(key => key is not ("hidden_size" or "direction" or "layout")) is { } attribute) return $"its attribute '{attribute}' has no form here";
        if (node.Text("direction", "forward") != "forward" || node.Integer("layout", 0) != 0) return "only forward LSTMs whose sequences lie step by step (layout 0) are written";
        if (Has(node, Lengths) || Has(node, Peepholes)) return "sequences of several lengths and peepholes are not written";
        return Has(node, State) && Has(node, Cell) ? null : "its states are no inputs of the network, so that it cannot take one step at a time";
    }

    private static bool Has(Node node, int input) => node.Inputs.Count > input && node.Inputs[input].Length > 0;

    /// <summary>The product of one kind of gates, as the node that the layer would be alone.</summary>
    private static Node Product(Node node, string name, string input, int weights)
        => new() { Name = $"{node.Name}/{name}", OpType = "MatMul", Inputs = [input, node.Inputs[weights]], Outputs = [$"{node.Name}/{name}:gates"] };

    private static float[] Values(Node node, Network source) => Has(node, Bias) ? source.Constants[node.Inputs[Bias]].AsSpan<float>().ToArray() : [];

    /// <summary>A product that no method lowered.</summary>
    private static CodeGraph Float(Node product, Tensor weights, float[] bias, int half)
    {
        var graph = new CodeGraph(product.Name);
        var (rows, depth) = (weights.Dimensions[1], weights.Dimensions[2]);
        var columns = new float[rows * depth];
        var values = weights.AsSpan<float>();
        for (var i = 0; i < columns.Length; i++) columns[(i % depth * rows) + (i / depth)] = values[i];
        var sum = graph.Add("MatMul", [product.Inputs[0], graph.Constant("weight", Tensor.Of<float>(columns, depth, rows))]);
        var own = bias.Length == 0 ? new float[rows] : bias[(half * rows)..((half + 1) * rows)];
        graph.Add("Add", [sum, graph.Constant("bias", Tensor.Of<float>(own))], null, product.Outputs[0]);
        return graph;
    }

    /// <summary>C' = f∘C + i∘c, H' = o∘tanh(C') of the gates input, output, forget and cell.</summary>
    private static CodeGraph Step(Node node, Network source, string fromInput, string fromState, string cell, string first)
    {
        var graph = new CodeGraph(node.Name);
        string[] gates = [.. Enumerable.Range(0, Gates).Select(gate => $"{node.Name}/gate{gate}")];
        var count = source.Opsets[""] >= SplitCountOpset ? new[] { ("axis", (AttributeValue)1L), ("num_outputs", (AttributeValue)(long)Gates) } : [("axis", (AttributeValue)1L)];
        graph.AddNamed("Split", [graph.Add("Add", [fromInput, fromState])], gates, count);
        var (input, output, forget) = (graph.Add("Sigmoid", [gates[0]]), graph.Add("Sigmoid", [gates[1]]), graph.Add("Sigmoid", [gates[2]]));
        var next = graph.Add("Add", [graph.Add("Mul", [forget, cell]), graph.Add("Mul", [input, graph.Add("Tanh", [gates[3]])])]);
        var state = graph.Add("Mul", [graph.Add("Tanh", [next]), output]);
        (string Value, string Axes)[] outputs = [(state, graph.Constant("axes", Tensor.Of<long>([0, 1]))), (state, first), (next, first)];
        for (var i = 0; i < node.Outputs.Count; i++)
        {
            if (node.Outputs[i].Length > 0) graph.AddNamed("Unsqueeze", [outputs[i].Value, outputs[i].Axes], [node.Outputs[i]]);
        }

        return graph;
    }

    /// <summary>Inputs and outputs of a network that takes one step at a time.</summary>
    /// <param name="values">Inputs or outputs.</param>
    /// <returns>The same with one step.</returns>
    public static IReadOnlyList<NetworkValue> OneStep(IReadOnlyList<NetworkValue> values)
        => [.. values.Select(value => value with { Shape = [.. value.Shape.Select(dimension => dimension.Symbol == ExecutionOptions.StepSymbol ? new Dimension(1) : dimension)] })];
}
