using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Onnx.Export;

/// <summary>
/// Any other lowered layer: codes as float32 integers, the layer's own operator with integer weights, sums as 32-bit integers. A float
/// product of integers is exact while no sum leaves 24 bits; weights are split into four-bit limbs where the bound asks for it.
/// </summary>
internal static class FunctionForm
{
    private const long ExactFloat = 1 << 24;
    private const int LimbBits = 4;

    /// <summary>Adds the layer.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The layer's node.</param>
    /// <param name="layer">The layer.</param>
    /// <exception cref="NotExpressibleException">The layer cannot be said.</exception>
    public static void Add(CodeGraph graph, Node node, LoweredLayer layer)
    {
        if (layer.Groups.Count != 1) throw new NotExpressibleException($"it sums {layer.Groups.Count} groups of products in double precision, which ONNX's float operators do not");
        var group = layer.Groups[0];
        if (layer.SumBound(group) > int.MaxValue) throw new NotExpressibleException($"its sums need more than 32 bits (bound {layer.SumBound(group)}), which no ONNX product has");
        var shape = ProductNodes.Shape(node, layer.Layer);
        var codes = Expressible(layer.Input!, layer.Input!.FilledBy).Express(graph, node.Inputs[0], shape);
        var offsets = (long[])group.Offsets.Clone();
        string? sum = null;
        foreach (var term in group.Terms)
        {
            var mapped = Expressible(term.Activation, layer.Method).Express(graph, codes, shape);
            mapped = CentreOnPadding(graph, mapped, layer, term, offsets);
            sum = AddTerm(graph, node, layer, term, mapped, sum);
        }

        Rescale(graph, node, layer, sum!, [.. offsets.Select(offset => checked((int)offset))]);
    }

    /// <summary>Whether every partial sum of a layer's only product is an integer that float32 holds.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>True when it is.</returns>
    public static bool IsExactInFloat(LoweredLayer layer) => LargestRow(layer.Groups[0].Terms[0].Weights, layer.Layer) * Magnitude(layer.Groups[0].Terms[0]) < ExactFloat;

    /// <summary>Adds what follows the sum: offset, scale and bias of each output channel.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The layer's node.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="sum">Name of the 32-bit sum.</param>
    /// <param name="offsets">Integer offset of each output channel.</param>
    public static void Rescale(CodeGraph graph, Node node, LoweredLayer layer, string sum, int[] offsets)
    {
        var rank = node.Integers("kernel_shape")?.Length + 2 ?? 4;
        var perChannel = ProductNodes.PerChannel(node, layer.Layer, rank);
        graph.Call(
            CodeFunctions.Rescale,
            [
                sum,
                graph.Constant("offset", Tensor.Of<int>(offsets, perChannel)),
                graph.Constant("sum_scale", Tensor.Of<float>(layer.Groups[0].Scales, perChannel)),
                graph.Constant("bias", Tensor.Of<float>(layer.Bias, perChannel)),
            ],
            node.Outputs[0]);
    }

    private static IOnnxExpressible Expressible(object code, string method)
        => code as IOnnxExpressible ?? throw new NotExpressibleException($"{method}'s {code.GetType().Name} has no form in ONNX's operators");

    /// <summary>Convolutions pad with 0; where a padded code is another number, codes are counted from it and the offset makes up for it.</summary>
    private static string CentreOnPadding(CodeGraph graph, string mapped, LoweredLayer layer, ProductTerm term, long[] offsets)
    {
        var zero = new short[term.Activation.RunLength];
        Array.Fill(zero, (short)layer.Input!.ZeroPoint);
        var padding = new short[zero.Length];
        term.Activation.Encode(zero, zero.Length, padding);
        if (padding[0] == 0) return mapped;
        for (var m = 0; m < layer.Layer.Outputs; m++)
        {
            long weights = 0;
            foreach (var weight in term.Weights.AsSpan(m * layer.Layer.Depth, layer.Layer.Depth)) weights += weight;
            offsets[m] += (long)term.Coefficient * padding[0] * weights;
        }

        return graph.Add("Sub", [mapped, graph.Scalar("padding", padding[0])]);
    }

    private static string AddTerm(CodeGraph graph, Node node, LoweredLayer layer, ProductTerm term, string mapped, string? sum)
    {
        foreach (var (limb, factor) in Limbs(layer, term))
        {
            var (values, dimensions) = ProductNodes.Arrange<float>(node, layer.Layer, limb);
            var product = ProductNodes.Add(graph, node, mapped, graph.Constant("weight", Tensor.Of<float>(values, dimensions)), null, null);
            var integers = graph.Call(CodeFunctions.ToInteger, [product]);
            if (factor != 1) integers = graph.Add("Mul", [integers, graph.Constant("factor", Tensor.Scalar(factor))]);
            sum = sum is null ? integers : graph.Add("Add", [sum, integers]);
        }

        return sum!;
    }

    /// <summary>Weights as one exact product, or as limbs w = Σ limb·16^i with limbs in −8..7.</summary>
    private static IEnumerable<(float[] Weights, int Factor)> Limbs(LoweredLayer layer, ProductTerm term)
    {
        var magnitude = Magnitude(term);
        if (LargestRow(term.Weights, layer.Layer) * magnitude < ExactFloat)
        {
            yield return (term.Weights.Select(weight => (float)weight).ToArray(), term.Coefficient);
            yield break;
        }

        var rest = term.Weights.Select(weight => (int)weight).ToArray();
        for (var factor = term.Coefficient; rest.Any(weight => weight != 0); factor <<= LimbBits)
        {
            var limb = rest.Select(weight => (short)(((weight + 8) & 15) - 8)).ToArray();
            if (LargestRow(limb, layer.Layer) * magnitude >= ExactFloat)
                throw new NotExpressibleException($"its sums of {layer.Layer.Depth} products of {magnitude} are not exact in float32");
            yield return (limb.Select(weight => (float)weight).ToArray(), factor);
            for (var i = 0; i < rest.Length; i++) rest[i] = (rest[i] - limb[i]) >> LimbBits;
        }
    }

    /// <summary>The largest operand, counted from any padding code.</summary>
    private static long Magnitude(ProductTerm term) => Math.Max(term.Activation.Range.Magnitude, term.Activation.Range.Count - 1);

    private static long LargestRow(ReadOnlySpan<short> weights, DotProductLayer layer)
    {
        long largest = 0;
        for (var m = 0; m < layer.Outputs; m++)
        {
            long sum = 0;
            foreach (var weight in weights.Slice(m * layer.Depth, layer.Depth)) sum += Math.Abs((int)weight);
            largest = Math.Max(largest, sum);
        }

        return largest;
    }
}
