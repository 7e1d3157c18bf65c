using System.Globalization;
using Subbyte.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Subbyte.Networks.Execution;

/// <summary>Constants may be infinite (masks of attention are), but not those that dot products multiply.</summary>
internal static class FiniteWeights
{
    private static readonly HashSet<string> Products = new(StringComparer.Ordinal) { "Conv", "ConvTranspose", "Gemm", "GRU", "LSTM", "MatMul", "RNN" };

    /// <summary>Refuses infinite weights.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">Types of its inputs.</param>
    public static void Require(Node node, IReadOnlyList<TensorType?> inputs)
    {
        if (node.Domain.Length > 0 || !Products.Contains(node.OpType)) return;
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i]?.Constant is not { ElementType: ElementType.Float32 } constant) continue;
            ReadOnlySpan<float> values = constant.AsSpan<float>();
            if (values.IsEmpty || TensorPrimitives.IsFiniteAll(values)) continue;
            var element = 0;
            while (float.IsFinite(values[element])) element++;
            throw new UserErrorException($"{node}: weight '{node.Inputs[i]}' holds {values[element].ToString(CultureInfo.InvariantCulture)} at element {element}; weights must be finite");
        }
    }
}
