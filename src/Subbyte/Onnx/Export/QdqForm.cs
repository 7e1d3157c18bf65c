using Subbyte.Formats;
using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Onnx.Export;

/// <summary>A layer on a uniform grid as QuantizeLinear and DequantizeLinear around the operator, weights as INT8 or INT4.</summary>
internal static class QdqForm
{
    /// <summary>Whether a layer is one exact product of uniform codes that fit eight bits, with a bias that is an integer.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>True when it is.</returns>
    public static bool Fits(LoweredLayer layer) => layer.Groups.Count == 1 && HasByteOperands(layer) && IntegerBias(layer) is not null;

    /// <summary>Whether every group of a layer is one exact product of uniform codes that fit eight bits.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>True when they are.</returns>
    public static bool HasByteOperands(LoweredLayer layer)
    {
        if (layer.Input is not UniformActivations { Rounding: Rounding.HalfEven } input) return false;
        var fitsByte = input.Range is { Lowest: >= 0, Highest: <= byte.MaxValue } or { Lowest: >= sbyte.MinValue, Highest: <= sbyte.MaxValue };
        return fitsByte && layer.Groups.All(group => group.Terms is [{ Coefficient: 1, WeightRange: { Lowest: >= sbyte.MinValue, Highest: <= sbyte.MaxValue } } term]
            && TableCode.IsIdentity(term.Activation, input.Range.Lowest));
    }

    /// <summary>Whether a layer's weights fit four bits and it can be written in this form.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>True when they do.</returns>
    public static bool HasFourBitWeights(LoweredLayer layer)
        => Fits(layer) && IsFourBit(layer.Groups[0].Terms[0].WeightRange);

    /// <summary>Whether codes fit INT4.</summary>
    /// <param name="range">Their range.</param>
    /// <returns>True when they do.</returns>
    public static bool IsFourBit(CodeRange range) => range is { Lowest: >= -8, Highest: <= 7 };

    /// <summary>Adds the layer in the form that other tools know: a float operator between dequantized operands.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The layer's node.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="fourBit">Whether INT4 may be used.</param>
    public static void AddCanonical(CodeGraph graph, Node node, LoweredLayer layer, bool fourBit)
    {
        var input = (UniformActivations)layer.Input!;
        var group = layer.Groups[0];
        var activations = Activations(graph, node.Inputs[0], input, graph.Scalar("scale", input.Scale));

        // The sum's scale is inputScale·weightScale; the quotient gives the weight scale back up to one rounding.
        var scales = group.Scales.Select(scale => scale / input.Scale).ToArray();
        var weights = Weights(graph, node, layer.Layer, group.Terms[0].Weights, scales, fourBit && HasFourBitWeights(layer));
        Add(graph, node, layer, group, activations, weights);
    }

    /// <summary>
    /// Adds the layer with a dequantization of step 1: the operator multiplies integers, which float32 carries exactly, and the scale
    /// follows the sum. The same codes and the same file size, and every result is ours bit for bit.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The layer's node.</param>
    /// <param name="layer">The layer; its sums are exact in float32 (see <see cref="FunctionForm.IsExactInFloat"/>).</param>
    /// <param name="fourBit">Whether INT4 may be used.</param>
    public static void AddExact(CodeGraph graph, Node node, LoweredLayer layer, bool fourBit)
    {
        var group = layer.Groups[0];
        var activations = Activations(graph, node.Inputs[0], (UniformActivations)layer.Input!, graph.Scalar("step", 1));
        var ones = Enumerable.Repeat(1f, layer.Layer.Outputs).ToArray();
        var weights = Weights(graph, node, layer.Layer, group.Terms[0].Weights, ones, fourBit && HasFourBitWeights(layer));
        var product = ProductNodes.Add(graph, node, activations, weights, null, null);
        FunctionForm.Rescale(graph, node, layer, graph.Call(CodeFunctions.ToInteger, [product]), IntegerBias(layer)!);
    }

    private static void Add(CodeGraph graph, Node node, LoweredLayer layer, ProductGroup group, string activations, string weights)
    {
        var integerBias = IntegerBias(layer)!;
        var hasFloatBias = layer.Bias.Any(bias => bias != 0);
        string? bias = null;
        if (hasFloatBias)
        {
            // The integer part is exact in double; what corrections added is float.
            var values = layer.Bias.Select((value, m) => (float)(value + (integerBias[m] * (double)group.Scales[m]))).ToArray();
            bias = graph.Constant("bias", Tensor.Of<float>(values));
        }
        else if (integerBias.Any(value => value != 0))
        {
            var codes = graph.Constant("bias", Tensor.Of<int>(integerBias));
            var scales = graph.Constant("bias_scale", Tensor.Of<float>(group.Scales));
            var zeros = graph.Constant("bias_zero_point", Tensor.Zeros(ElementType.Int32, integerBias.Length));
            bias = graph.Add("DequantizeLinear", [codes, scales, zeros], new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { ["axis"] = 0L });
        }

        ProductNodes.Add(graph, node, activations, weights, bias, node.Outputs[0]);
    }

    /// <summary>Adds the quantization of a layer's input and its dequantization.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">Name of the input.</param>
    /// <param name="input">The quantizer.</param>
    /// <param name="step">Name of the scale of the dequantization.</param>
    /// <returns>Name of the dequantized input.</returns>
    public static string Activations(CodeGraph graph, string x, UniformActivations input, string step)
    {
        var scale = graph.Scalar("scale", input.Scale);
        var unsigned = input.Range.Lowest >= 0;
        var zero = graph.Constant("zero_point", unsigned ? Tensor.Scalar((byte)input.ZeroPoint) : Tensor.Scalar((sbyte)input.ZeroPoint));
        var isFull = unsigned ? input.Range is { Lowest: 0, Highest: byte.MaxValue } : input.Range is { Lowest: sbyte.MinValue, Highest: sbyte.MaxValue };
        if (!isFull)
        {
            // QuantizeLinear saturates at its type's ends only; the ends of a narrower grid are their own codes.
            var lowest = graph.Scalar("lowest", (input.Range.Lowest - input.ZeroPoint) * input.Scale);
            var highest = graph.Scalar("highest", (input.Range.Highest - input.ZeroPoint) * input.Scale);
            x = graph.Add("Clip", [x, lowest, highest]);
        }

        return graph.Add("DequantizeLinear", [graph.Add("QuantizeLinear", [x, scale, zero]), step, zero]);
    }

    /// <summary>Adds weights with one scale for each output channel, dequantized.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The layer's node.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="codes">Codes [outputs][depth].</param>
    /// <param name="scales">Scales [outputs].</param>
    /// <param name="fourBit">Whether the codes are written as INT4.</param>
    /// <returns>Name of the weights.</returns>
    public static string Weights(CodeGraph graph, Node node, DotProductLayer layer, short[] codes, float[] scales, bool fourBit)
    {
        var tensor = Codes(node, layer, codes, fourBit);
        var axis = new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { ["axis"] = ProductNodes.OutputAxis(node) };
        // Optional by the standard; ONNX Runtime's fusions expect it.
        var zeros = graph.Constant("weight_zero_point", Tensor.Zeros(tensor.ElementType, scales.Length));
        return graph.Add("DequantizeLinear", [graph.Constant("weight", tensor), graph.Constant("weight_scale", Tensor.Of<float>(scales)), zeros], axis);
    }

    /// <summary>Codes of weights in the order of the node's own.</summary>
    /// <param name="node">The layer's node.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="codes">Codes [outputs][depth].</param>
    /// <param name="fourBit">Whether they are written as INT4.</param>
    /// <returns>An INT4 or INT8 tensor.</returns>
    public static Tensor Codes(Node node, DotProductLayer layer, short[] codes, bool fourBit)
    {
        var (values, dimensions) = ProductNodes.Arrange<sbyte>(node, layer, Array.ConvertAll(codes, code => (sbyte)code));
        return fourBit
            ? new Tensor(ElementType.Int4, dimensions, PackedIntegers.Pack(values.Select(value => (short)value).ToArray(), ElementType.Int4))
            : Tensor.Of<sbyte>(values, dimensions);
    }

    /// <summary>The offset without its zero-point part: the integer bias; null when it does not fit 32 bits.</summary>
    private static int[]? IntegerBias(LoweredLayer layer)
    {
        var zeroPoint = LoweringMath.ZeroPointOffsets(layer.Groups[0].Terms, layer.Input!.ZeroPoint, layer.Layer);
        var bias = new int[zeroPoint.Length];
        for (var m = 0; m < bias.Length; m++)
        {
            var value = layer.Groups[0].Offsets[m] - zeroPoint[m];
            if (value is < int.MinValue or > int.MaxValue) return null;
            bias[m] = (int)value;
        }

        return bias;
    }
}
