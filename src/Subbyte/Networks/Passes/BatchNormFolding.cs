using System.Runtime.CompilerServices;
using Subbyte.Tensors;

namespace Subbyte.Networks.Passes;

/// <summary>
/// Folds batch norms into the convolution or fully connected layer before them (uniform baselines, section 3.7). A batch norm that
/// follows anything else, or a layer whose output others read too, stays.
/// </summary>
public static class BatchNormFolding
{
    private static readonly ConditionalWeakTable<Network, Network> Folded = [];

    /// <summary>Folds constants, then all batch norms that can be folded. The result for a network is kept while the network lives.</summary>
    /// <param name="network">The network; it is not changed.</param>
    /// <returns>The folded network; the same object when nothing could be folded.</returns>
    public static Network Apply(Network network) => Folded.GetValue(network, Fold);

    /// <summary>A batch norm as one affine function per channel: scale = γ/√(σ²+ε), shift = β − μ·scale, in double, rounded once.</summary>
    /// <param name="gamma">γ [channels].</param>
    /// <param name="beta">β [channels].</param>
    /// <param name="mean">μ [channels].</param>
    /// <param name="variance">σ² [channels].</param>
    /// <param name="epsilon">ε.</param>
    /// <returns>Scale and shift [channels].</returns>
    public static (float[] Scale, float[] Shift) Affine(ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, float epsilon)
    {
        var (scale, shift) = (new float[gamma.Length], new float[gamma.Length]);
        for (var c = 0; c < scale.Length; c++)
        {
            var factor = Factor(gamma[c], variance[c], epsilon);
            (scale[c], shift[c]) = ((float)factor, (float)(beta[c] - (mean[c] * factor)));
        }

        return (scale, shift);
    }

    /// <summary>Whether a batch norm takes its statistics from its inputs. Before opset 7 that has to be asked for.</summary>
    /// <param name="norm">The batch norm.</param>
    /// <param name="opset">Version of its operators.</param>
    /// <returns>False in training mode.</returns>
    internal static bool UsesRunningStatistics(Node norm, long opset)
        => norm.Integer("training_mode", 0) == 0 && (opset >= 7 || norm.Integer("is_test", 0) != 0);

    /// <summary>Weights and bias with a batch norm folded in: W' = W·k, b' = (b − μ)·k + β, k = γ/√(σ²+ε), in double, rounded once.</summary>
    /// <param name="weights">Weights [outputs][…].</param>
    /// <param name="bias">Bias [outputs].</param>
    /// <param name="gamma">γ [outputs].</param>
    /// <param name="beta">β [outputs].</param>
    /// <param name="mean">μ [outputs].</param>
    /// <param name="variance">σ² [outputs].</param>
    /// <param name="epsilon">ε.</param>
    /// <returns>New weights and bias.</returns>
    public static (float[] Weights, float[] Bias) Fold(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, float epsilon)
    {
        var (foldedWeights, foldedBias) = (new float[weights.Length], new float[bias.Length]);
        var depth = bias.Length == 0 ? 0 : weights.Length / bias.Length;
        for (var m = 0; m < bias.Length; m++)
        {
            var factor = Factor(gamma[m], variance[m], epsilon);
            for (var k = 0; k < depth; k++) foldedWeights[(m * depth) + k] = (float)(weights[(m * depth) + k] * factor);
            foldedBias[m] = (float)(((bias[m] - (double)mean[m]) * factor) + beta[m]);
        }

        return (foldedWeights, foldedBias);
    }

    private static double Factor(float gamma, float variance, float epsilon) => gamma / Math.Sqrt((double)variance + epsilon);

    private static Network Fold(Network network)
    {
        network = ConstantFolding.Apply(network);
        var makers = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var node in network.Nodes)
        {
            foreach (var output in node.Outputs) makers[output] = node;
        }

        var readers = network.ReaderCounts();
        var constants = new Dictionary<string, Tensor>(network.Constants, StringComparer.Ordinal);
        var replaced = new Dictionary<Node, Node?>(ReferenceEqualityComparer.Instance);
        foreach (var norm in network.Nodes.Where(node => node is { OpType: "BatchNormalization", Domain: "", Inputs.Count: 5, Outputs.Count: > 0 } && UsesRunningStatistics(node, network.Opsets.GetValueOrDefault("", 1))))
        {
            if (!makers.TryGetValue(norm.Inputs[0], out var layer) || readers[norm.Inputs[0]] != 1 || replaced.ContainsKey(layer)) continue;
            if (!TryFold(layer, norm, constants, out var folded)) continue;
            replaced[layer] = folded;
            replaced[norm] = null;
        }

        if (replaced.Count == 0) return network;
        var nodes = network.Nodes.Select(node => replaced.GetValueOrDefault(node, node)).OfType<Node>().ToArray();
        return network with { Nodes = nodes, Constants = UsedConstants.Of(network, nodes, constants) };
    }

    private static bool TryFold(Node layer, Node norm, Dictionary<string, Tensor> constants, out Node folded)
    {
        folded = layer;
        var isLayer = layer.Domain.Length == 0 && (layer.OpType == "Conv" || (layer.OpType == "Gemm" && layer.Integer("transB", 0) == 1 && layer.Float("alpha", 1) == 1 && layer.Float("beta", 1) == 1));
        if (!isLayer || layer.Inputs.Count < 2 || !Constant(layer.Inputs[1], constants, out var weights) || weights.Rank < 2) return false;
        var outputs = weights.Dimensions[0];
        var bias = new float[outputs];
        if (layer.Inputs.Count > 2 && layer.Inputs[2].Length > 0)
        {
            if (!Constant(layer.Inputs[2], constants, out var given) || given.Length != outputs) return false;
            bias = given.AsSpan<float>().ToArray();
        }

        var parameters = new Tensor[4];
        for (var i = 0; i < 4; i++)
        {
            if (!Constant(norm.Inputs[i + 1], constants, out parameters[i]) || parameters[i].Length != outputs) return false;
        }

        // The operator itself says what is wrong with such statistics.
        var epsilon = norm.Float("epsilon", 1e-5f);
        foreach (var variance in parameters[3].AsSpan<float>())
        {
            if (variance + epsilon <= 0) return false;
        }

        var (newWeights, newBias) = Fold(weights.AsSpan<float>(), bias, parameters[0].AsSpan<float>(), parameters[1].AsSpan<float>(), parameters[2].AsSpan<float>(), parameters[3].AsSpan<float>(), epsilon);
        var (weightName, biasName) = ($"{layer.Name}.weight.folded", $"{layer.Name}.bias.folded");
        constants[weightName] = Tensor.Of<float>(newWeights, weights.Dimensions);
        constants[biasName] = Tensor.Of<float>(newBias, outputs);
        folded = new Node
        {
            Name = layer.Name,
            OpType = layer.OpType,
            Domain = layer.Domain,
            Opset = layer.Opset,
            Inputs = [layer.Inputs[0], weightName, biasName],
            Outputs = [norm.Outputs[0]],
            Attributes = layer.Attributes,
        };
        return true;
    }

    private static bool Constant(string name, Dictionary<string, Tensor> constants, out Tensor tensor)
        => constants.TryGetValue(name, out tensor!) && tensor.ElementType == ElementType.Float32;
}
