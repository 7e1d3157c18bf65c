using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Onnx.Proto;
using Subbyte.Prediction;
using Subbyte.Tensors;

namespace Subbyte.Onnx.Export;

/// <summary>A low-bit network as ONNX: its graph, the functions that it calls, and how each layer was written.</summary>
/// <param name="Network">The graph.</param>
/// <param name="Functions">Model-local functions.</param>
/// <param name="Forms">How each lowered layer was written, by its name: QDQ, or as functions.</param>
public sealed record OnnxExport(Network Network, IReadOnlyList<OnnxFunction> Functions, IReadOnlyDictionary<string, string> Forms)
{
    /// <summary>Writes the model: to a temporary name first, so that a failure leaves nothing under <paramref name="path"/>.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public void Save(string path) => OnnxWriter.Save(Network, [.. Functions.Select(Proto)], path);

    /// <summary>Bytes that the file takes.</summary>
    public long Bytes => OnnxWriter.Size(Network, Functions.Select(Proto));

    private FunctionProto Proto(OnnxFunction function)
    {
        var proto = new FunctionProto { Name = function.Name, Domain = CodeGraph.Domain };
        proto.Input.AddRange(function.Inputs);
        proto.Output.Add(function.Output);
        proto.Node.AddRange(function.Nodes.Select(OnnxWriter.Node));
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Network.Opsets[""] });
        return proto;
    }
}

/// <summary>
/// Writes a low-bit network as standard ONNX. Layers on a uniform grid become QuantizeLinear/DequantizeLinear pairs around the
/// operator; all others become model-local functions of ordinary operators around products of integers, which float32 carries exactly.
/// </summary>
public static class LowBitExporter
{
    private const long FourBitOpset = 21;
    private const long OldestOpset = 13;

    /// <summary>Operators whose nodes mean the same from opset 13 to 21.</summary>
    private static readonly HashSet<string> UnchangedToFourBit = new(StringComparer.Ordinal)
    {
        "Conv", "Gemm", "MatMul", "BatchNormalization", "Relu", "Clip", "Add", "Sub", "Mul", "Div", "Min", "Max", "MaxPool", "AveragePool", "GlobalAveragePool",
        "Concat", "Slice", "Pad", "Flatten", "Reshape", "Identity", "Sigmoid", "Tanh", "Softmax", "Transpose", "Squeeze", "Unsqueeze",
        "PRelu", "Cast", "Greater", "GreaterOrEqual", "Less", "Round", "Sign", "Where", "Dropout",
    };

    /// <summary>Exports a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="canonical">
    /// Whether uniform layers are float operators between dequantized operands, the form that other tools fuse into integer kernels; its results
    /// differ from ours in the last place, which may tip a later rounding. Otherwise the operators multiply integers and every result is ours.
    /// </param>
    /// <returns>The ONNX form.</returns>
    /// <exception cref="UserErrorException">A layer cannot be said in ONNX's operators; the message says which and why.</exception>
    public static OnnxExport Export(LowBitNetwork network, bool canonical = false)
    {
        var source = network.Network;
        if (source.Opsets[""] < OldestOpset)
            throw new UserErrorException($"network '{source.Name}' uses opset {source.Opsets[""]}; export needs opset {OldestOpset} or newer: convert the model first");
        var uniform = network.Layers.Values.All(layer => layer.IsWeightsOnly || QdqForm.Fits(layer) || DequantizedForm.Fits(layer));
        canonical &= uniform;
        if (uniform) source = (network = RedundantClips.Remove(network)).Network;
        var wantsOpset21 = network.Layers.Values.Any(layer => QdqForm.HasFourBitWeights(layer) || DequantizedForm.WantsOpset21(layer));
        var opset21 = wantsOpset21 && TakesFourBit(source);
        var constants = new Dictionary<string, Tensor>(source.Constants, StringComparer.Ordinal);
        var functions = new Dictionary<string, OnnxFunction>(StringComparer.Ordinal);
        var forms = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var nodes = new List<Node>();
        var isStep = false;
        foreach (var node in source.Nodes)
        {
            IReadOnlyList<CodeGraph> graphs;
            if (network.Predictions.TryGetValue(node.Name, out var prediction))
            {
                graphs = [WriteMasked(node, prediction, source)];
            }
            else if (network.Layers.TryGetValue(node.Name, out var layer))
            {
                graphs = [Write(node, layer)];
            }
            else if (RecurrentForm.Lowered(node, network.Layers) is { Count: > 0 } inner)
            {
                graphs = Expressed(source, inner[0], "", () => RecurrentForm.Write(node, source, network.Layers, Write));
                isStep = true;
            }
            else
            {
                nodes.Add(node);
                continue;
            }

            nodes.AddRange(graphs.SelectMany(graph => graph.Nodes));
            foreach (var (name, tensor) in graphs.SelectMany(graph => graph.Constants)) constants[name] = tensor;
            foreach (var (name, function) in graphs.SelectMany(graph => graph.Functions)) functions[name] = function;
        }

        var opsets = new Dictionary<string, long>(source.Opsets, StringComparer.Ordinal);
        if (opset21) opsets[""] = Math.Max(FourBitOpset, opsets[""]);
        if (functions.Count > 0) opsets[CodeGraph.Domain] = 1;
        var read = nodes.SelectMany(node => node.Inputs).Concat(source.Outputs.Select(output => output.Name)).ToHashSet(StringComparer.Ordinal);
        var exported = source with { Nodes = nodes, Constants = constants.Where(constant => read.Contains(constant.Key)).ToDictionary(StringComparer.Ordinal), Opsets = opsets };
        if (isStep) exported = exported with { Inputs = RecurrentForm.OneStep(source.Inputs), Outputs = RecurrentForm.OneStep(source.Outputs) };
        return new OnnxExport(exported, [.. functions.Values.OrderBy(function => function.Name, StringComparer.Ordinal)], forms);

        CodeGraph Write(Node node, LoweredLayer layer)
        {
            var (graph, form) = Expressed(source, node.Name, $" under {layer.Method}", () => WriteLayer(node, layer, canonical, opset21));
            forms[node.Name] = form;
            return graph;
        }
    }

    /// <summary>Whether a network's opset has four-bit types, or can be raised to one that has.</summary>
    /// <param name="network">The network, opset 13 or newer.</param>
    /// <returns>True when INT4 tensors may be written.</returns>
    internal static bool TakesFourBit(Network network) => network.Opsets[""] >= FourBitOpset || network.Nodes.All(node => UnchangedToFourBit.Contains(node.OpType));

    /// <summary>A ReLU and the mask over its map: skipped elements are computed here, and left out.</summary>
    private static CodeGraph WriteMasked(Node node, OutputPrediction prediction, Network source)
    {
        if (prediction.Mask is not IOnnxMask mask)
            throw new UserErrorException($"network '{source.Name}': the prediction of layer '{prediction.Layer}' by {prediction.Mask.Method} cannot be written in ONNX's operators; leave it out of the recipe to export the rest");
        var graph = new CodeGraph(node.Name);
        var map = graph.Add(node.OpType, node.Inputs, node.Attributes);
        graph.Add("Where", [mask.Express(graph, map), map, graph.Scalar("skipped", 0)], null, node.Outputs[0]);
        return graph;
    }

    private static (CodeGraph Graph, string Form) WriteLayer(Node node, LoweredLayer layer, bool canonical, bool opset21)
    {
        var graph = new CodeGraph(node.Name);
        if (layer.IsWeightsOnly) return (graph, DequantizedForm.AddFloat(graph, node, layer, opset21));
        if (DequantizedForm.Fits(layer)) return (graph, DequantizedForm.Add(graph, node, layer, opset21));
        if (canonical)
        {
            QdqForm.AddCanonical(graph, node, layer, opset21);
            return (graph, "canonical QDQ");
        }

        if (QdqForm.Fits(layer) && FunctionForm.IsExactInFloat(layer))
        {
            QdqForm.AddExact(graph, node, layer, opset21);
            return (graph, "QDQ");
        }

        FunctionForm.Add(graph, node, layer);
        return (graph, "functions");
    }

    private static T Expressed<T>(Network source, string layer, string method, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (NotExpressibleException failure)
        {
            throw new UserErrorException($"network '{source.Name}': layer '{layer}'{method} cannot be written in ONNX's operators: {failure.Message}", failure);
        }
    }
}
