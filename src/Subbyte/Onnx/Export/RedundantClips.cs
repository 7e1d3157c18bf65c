using Subbyte.Lowering;
using Subbyte.Networks;

namespace Subbyte.Onnx.Export;

/// <summary>
/// Clamps that quantization makes redundant: every reader saturates to no wider a range anyway. They are left out of QDQ models, as ONNX
/// Runtime would remove them itself (and some of its versions fail when they do).
/// </summary>
internal static class RedundantClips
{
    /// <summary>The network without its redundant clamps.</summary>
    /// <param name="network">The network; all of its lowered layers quantize their input.</param>
    /// <returns>The same results from fewer nodes.</returns>
    public static LowBitNetwork Remove(LowBitNetwork network)
    {
        var source = network.Network;
        var outputs = source.Outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        var readers = source.Nodes.SelectMany(node => node.Inputs.Distinct(StringComparer.Ordinal).Select(input => (input, node))).ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);
        var renames = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var clip in source.Nodes.Where(node => node is { Domain: "", OpType: "Clip" or "Relu" } && !outputs.Contains(node.Outputs[0]) && !network.Predictions.ContainsKey(node.Name)))
        {
            if (readers[clip.Outputs[0]].All(reader => Saturates(reader, clip, network))) renames[clip.Outputs[0]] = clip.Inputs[0];
        }

        if (renames.Count == 0) return network;
        var nodes = source.Nodes.Where(node => node.Outputs.Count == 0 || !renames.ContainsKey(node.Outputs[0])).Select(node => Renamed(node, renames)).ToArray();
        return network.With(source with { Nodes = nodes });
    }

    private static bool Saturates(Node reader, Node clip, LowBitNetwork network)
    {
        if (reader.Inputs[0] != clip.Outputs[0] || !network.Layers.TryGetValue(reader.Name, out var layer) || layer.Input is not UniformActivations input) return false;
        var (lowest, highest) = ClipBounds.Of(clip, network.Network);
        // Quantization is monotone: a bound whose own code is the last one or beyond changes no code.
        return Code(lowest, input) <= input.Range.Lowest && Code(highest, input) >= input.Range.Highest;
    }

    private static double Code(float value, UniformActivations input) => Math.Round((double)(value / input.Scale)) + input.ZeroPoint;

    private static Node Renamed(Node node, Dictionary<string, string> renames)
        => !node.Inputs.Any(renames.ContainsKey)
            ? node
            : new Node { Name = node.Name, OpType = node.OpType, Domain = node.Domain, Opset = node.Opset, Inputs = [.. node.Inputs.Select(input => renames.GetValueOrDefault(input, input))], Outputs = node.Outputs, Attributes = node.Attributes };
}
