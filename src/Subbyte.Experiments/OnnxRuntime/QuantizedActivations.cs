using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Experiments;

/// <summary>
/// Completes a canonical export for a race: every float value between its operators gets a pair of QuantizeLinear and DequantizeLinear, as ONNX
/// Runtime's own quantizer places them, so that ONNX Runtime runs sums and pooling in eight bits too. The steps of added pairs are nominal:
/// the model is as fast as a calibrated one, not as accurate.
/// </summary>
internal static class QuantizedActivations
{
    private const float NominalStep = 0.05f;
    private const byte NominalZero = 128;

    /// <summary>Adds the missing pairs.</summary>
    /// <param name="exported">A canonical export.</param>
    /// <returns>The completed network.</returns>
    public static Network Complete(Network exported)
    {
        var constants = new Dictionary<string, Tensor>(exported.Constants, StringComparer.Ordinal) { ["race_step"] = Tensor.Scalar(NominalStep), ["race_zero"] = Tensor.Scalar(NominalZero) };
        var readers = exported.Nodes.SelectMany(node => node.Inputs.Select(input => (input, node))).ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);
        var outputs = exported.Outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        var types = ShapeInference.Infer(exported);
        bool IsFloat(string value) => types.TryGetValue(value, out var known) && known.ElementType == ElementType.Float32;
        var renames = new Dictionary<string, string>(StringComparer.Ordinal);
        var placed = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        var nodes = new List<Node>();
        foreach (var node in exported.Nodes.Where(node => !placed.Contains(node)))
        {
            if (node.OpType is not ("QuantizeLinear" or "DequantizeLinear") && node.Outputs.Count == 1 && outputs.Contains(node.Outputs[0]) && IsFloat(node.Outputs[0]))
            {
                nodes.AddRange(WithPairAtOutput(Renamed(node, renames)));
                continue;
            }

            nodes.Add(Renamed(node, renames));
            if (node.OpType is "QuantizeLinear" or "DequantizeLinear") continue;
            foreach (var value in node.Outputs.Where(value => IsFloat(value) && NeedsPair(value, readers[value].ToArray())))
            {
                var quantize = readers[value].FirstOrDefault(IsQuantize);
                if (quantize is null) quantize = Pair("QuantizeLinear", value, value + ".race_codes", "race_step", "race_zero");
                else placed.Add(quantize);
                nodes.Add(quantize);
                nodes.Add(Pair("DequantizeLinear", quantize.Outputs[0], value + ".race", quantize.Inputs[1], quantize.Inputs[2]));
                renames[value] = value + ".race";
            }
        }

        return exported with { Nodes = nodes, Constants = constants };
    }

    /// <summary>Activations stay with the operator before them, and what only a quantization reads has its pair.</summary>
    private static bool NeedsPair(string value, Node[] readers)
        => value.Length > 0 && readers.Any(reader => !IsQuantize(reader)) && !(readers.Length == 1 && readers[0].OpType is "Relu" or "Clip");

    private static bool IsQuantize(Node node) => node.OpType == "QuantizeLinear";

    private static Node Pair(string operation, string input, string output, string step, string zero)
        => new() { Name = output, OpType = operation, Inputs = [input, step, zero], Outputs = [output] };

    /// <summary>A node that makes an output of the network keeps its name for the end of the pair.</summary>
    private static IEnumerable<Node> WithPairAtOutput(Node node)
    {
        var output = node.Outputs[0];
        yield return new Node { Name = node.Name, OpType = node.OpType, Domain = node.Domain, Inputs = node.Inputs, Outputs = [output + ".race_float"], Attributes = node.Attributes };
        yield return Pair("QuantizeLinear", output + ".race_float", output + ".race_codes", "race_step", "race_zero");
        yield return new Node { Name = output + ".race", OpType = "DequantizeLinear", Inputs = [output + ".race_codes", "race_step", "race_zero"], Outputs = [output] };
    }

    private static Node Renamed(Node node, Dictionary<string, string> renames)
        => IsQuantize(node) || !node.Inputs.Any(renames.ContainsKey)
            ? node
            : new Node { Name = node.Name, OpType = node.OpType, Domain = node.Domain, Inputs = [.. node.Inputs.Select(input => renames.GetValueOrDefault(input, input))], Outputs = node.Outputs, Attributes = node.Attributes };
}
