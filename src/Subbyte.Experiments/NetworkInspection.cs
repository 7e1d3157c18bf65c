using Subbyte.Formats;
using Subbyte.Lowering;
using Subbyte.Networks;

namespace Subbyte.Experiments;

/// <summary>What a network is made of.</summary>
public sealed record NetworkInspection
{
    /// <summary>Name and version of the schema.</summary>
    public string Schema { get; } = "subbyte.inspect/1";

    /// <summary>Name of the graph.</summary>
    public required string Name { get; init; }

    /// <summary>Version of ONNX's operators.</summary>
    public required long Opset { get; init; }

    /// <summary>Float parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-accumulates for one sample.</summary>
    public required long Macs { get; init; }

    /// <summary>Inputs with their types.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Outputs with their inferred types.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>What nodes make, in their order, with inferred types.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>Number of nodes of each operator.</summary>
    public required IReadOnlyDictionary<string, int> Operators { get; init; }

    /// <summary>The dot-product layers, batch norms folded.</summary>
    public required IReadOnlyList<LayerInspection> Layers { get; init; }

    /// <summary>Inspects a network.</summary>
    /// <param name="network">The network.</param>
    /// <returns>What it is made of.</returns>
    public static NetworkInspection Of(Network network)
    {
        var types = ShapeInference.Infer(network);
        var layers = LayerList.Of(network).Select(LayerInspection.Of).ToArray();
        return new NetworkInspection
        {
            Name = network.Name,
            Opset = network.Opsets.GetValueOrDefault(""),
            Parameters = network.Parameters,
            Macs = layers.Sum(layer => layer.Macs),
            Inputs = [.. network.Inputs.Select(input => input.ToString())],
            Outputs = [.. network.Outputs.Select(output => types[output.Name].ToString())],
            Values = [.. network.Nodes.SelectMany(node => node.Outputs).Where(types.ContainsKey).Select(output => types[output].ToString())],
            Operators = new SortedDictionary<string, int>(network.Nodes.GroupBy(node => node.OpType).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal), StringComparer.Ordinal),
            Layers = layers,
        };
    }
}

/// <summary>One dot-product layer and its weights.</summary>
/// <param name="Name">Node name.</param>
/// <param name="Kind">Kind of layer.</param>
/// <param name="N">Output positions of one sample.</param>
/// <param name="M">Output channels.</param>
/// <param name="K">Length of a dot product.</param>
/// <param name="Macs">Multiply-accumulates for one sample.</param>
/// <param name="Sparsity">Fraction of weights that are 0.</param>
/// <param name="Kurtosis">Fourth standardized moment of the weights; 3 for a Gaussian, 1.8 for a uniform distribution.</param>
/// <param name="LargestWeight">Largest absolute weight.</param>
/// <param name="MeanTerms">Mean number of signed-digit terms (minimal weight) of the weights' 8-bit codes, one scale a tensor.</param>
public sealed record LayerInspection(string Name, string Kind, int N, int M, int K, long Macs, double Sparsity, double Kurtosis, double LargestWeight, double MeanTerms)
{
    /// <summary>Inspects a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>Its shape and statistics.</returns>
    public static LayerInspection Of(DotProductLayer layer)
    {
        var weights = layer.Weights.Span;
        double sum = 0;
        double largest = 0;
        var zeros = 0;
        foreach (var weight in weights)
        {
            sum += weight;
            largest = Math.Max(largest, Math.Abs((double)weight));
            if (weight == 0) zeros++;
        }

        var mean = sum / weights.Length;
        double second = 0;
        double fourth = 0;
        double terms = 0;
        Span<SignedTerm> digits = stackalloc SignedTerm[SignedDigits.MaximumTerms];
        foreach (var weight in weights)
        {
            var square = (weight - mean) * (weight - mean);
            second += square;
            fourth += square * square;
            terms += largest == 0 ? 0 : SignedDigits.Encode(SignedDigitEncoding.Hese, (int)Math.Round(Math.Abs(weight) / largest * 127), digits);
        }

        var kurtosis = second == 0 ? 0 : fourth * weights.Length / (second * second);
        return new LayerInspection(layer.Name, layer.Kind.ToString(), layer.Positions, layer.Outputs, layer.Depth, layer.Macs, zeros / (double)weights.Length, kurtosis, largest, terms / weights.Length);
    }
}
