using Subbyte.Networks;

namespace Subbyte.Prediction;

/// <summary>
/// Finds the feature maps whose elements may be predicted: a convolution, then nothing but a batch norm and additions, then a ReLU. Where several
/// convolutions meet in an addition, the deepest one counts: the others lie on shortcuts, whose products are not saved.
/// </summary>
public static class PredictableMaps
{
    /// <summary>The maps of a network, in the order of their layers.</summary>
    /// <param name="network">The network, constants folded.</param>
    /// <returns>One entry a ReLU; maps of one position are left out.</returns>
    /// <exception cref="UserErrorException">The network cannot be executed.</exception>
    public static IReadOnlyList<PredictableMap> Of(Network network)
    {
        var convolutions = network.Nodes.Where(node => node is { OpType: "Conv", Domain: "" }).ToArray();
        if (convolutions.Length == 0) return [];
        var readers = network.Nodes.SelectMany(node => node.Inputs.Select(input => (input, node))).ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);
        var counts = network.ReaderCounts();
        var depths = Depths(network);
        var found = convolutions.Where(node => node.Inputs.Skip(1).All(input => input.Length == 0 || network.Constants.ContainsKey(input)))
            .Select(node => (Layer: node, Activation: ActivationAfter(node, readers, counts, network)))
            .Where(pair => pair.Activation is not null)
            .GroupBy(pair => pair.Activation!.Name, StringComparer.Ordinal)
            .Select(group => group.MaxBy(pair => depths[pair.Layer.Outputs[0]]))
            .ToArray();
        if (found.Length == 0) return [];
        var types = ShapeInference.Infer(network);
        var maps = new List<PredictableMap>();
        foreach (var (layer, activation) in found)
        {
            if (types[activation!.Outputs[0]].Shape is not [_, { Size: { } channels }, { Size: { } height }, { Size: { } width }] || height * (long)width <= 1) continue;
            var pool = counts.GetValueOrDefault(activation.Outputs[0]) == 1 ? readers[activation.Outputs[0]].Select(PoolSide).FirstOrDefault(1) : 1;
            maps.Add(new PredictableMap(layer.Name, activation.Name, new MapShape(channels, height, width), ReferenceEquals(layer, convolutions[0]), pool));
        }

        return maps;
    }

    /// <summary>Convolutions on the longest way from an input to each value.</summary>
    private static Dictionary<string, int> Depths(Network network)
    {
        var depths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in network.Nodes)
        {
            var depth = node.Inputs.Select(input => depths.GetValueOrDefault(input)).DefaultIfEmpty().Max() + (node.OpType == "Conv" ? 1 : 0);
            foreach (var output in node.Outputs) depths[output] = depth;
        }

        return depths;
    }

    /// <summary>The ReLU that takes a convolution's output, on a way that nothing else reads: else the skipped values would be missed there.</summary>
    private static Node? ActivationAfter(Node layer, ILookup<string, Node> readers, Dictionary<string, int> counts, Network network)
    {
        for (var value = layer.Outputs[0]; counts.GetValueOrDefault(value) == 1 && readers[value].FirstOrDefault() is { Domain: "" } reader; value = reader.Outputs[0])
        {
            if (reader.OpType is "Relu" or "Clip") return ClipBounds.Of(reader, network).Lowest == 0 ? reader : null;
            if (reader.OpType is not ("BatchNormalization" or "Add" or "Sum") || (reader.OpType == "BatchNormalization" && reader.Inputs[0] != value)) return null;
        }

        return null;
    }

    private static int PoolSide(Node reader)
    {
        if (reader is not { OpType: "MaxPool", Domain: "" } || reader.Integers("kernel_shape") is not [var side, var width] || side != width || side < 1) return 1;
        var fits = reader.Integers("strides") is [var down, var right] && down == side && right == side
            && reader.Integers("pads")?.All(pad => pad == 0) != false
            && reader.Integers("dilations")?.All(dilation => dilation == 1) != false
            && reader.Text("auto_pad", "NOTSET") is "NOTSET" or "VALID" or "";
        return fits ? side : 1;
    }
}
