using Subbyte.Costs;

namespace Subbyte.Lowering;

/// <summary>One product of the sum: coefficient · (activation codes · weight codesᵀ).</summary>
public sealed class ProductTerm
{
    /// <summary>A product.</summary>
    /// <param name="activation">Code of the activations.</param>
    /// <param name="weights">Codes of the weights [outputs][depth].</param>
    /// <param name="coefficient">Integer factor.</param>
    public ProductTerm(IActivationCode activation, short[] weights, int coefficient = 1)
    {
        Activation = activation;
        Weights = weights;
        Coefficient = coefficient;
        WeightRange = CodeRange.Of(weights);
    }

    /// <summary>Code of the activations.</summary>
    public IActivationCode Activation { get; }

    /// <summary>Codes of the weights [outputs][depth].</summary>
    public short[] Weights { get; }

    /// <summary>Range of the weight codes that occur.</summary>
    public CodeRange WeightRange { get; }

    /// <summary>Integer factor of the product.</summary>
    public int Coefficient { get; }
}

/// <summary>Products that are summed exactly as integers before one real scale: <c>s[m]·(o[m] + Σt c_t·(A_t·W_tᵀ)[n,m])</c>.</summary>
/// <param name="Terms">The products.</param>
/// <param name="Offsets">Integer offsets [outputs]: −z·ΣW of a zero point, an integer bias.</param>
/// <param name="Scales">Real scale of each output channel [outputs].</param>
public sealed record ProductGroup(IReadOnlyList<ProductTerm> Terms, long[] Offsets, float[] Scales);

/// <summary>
/// A layer under a method, as the executor, the exporter, the simulator and the report see it: an input quantizer, groups of integer
/// products, a float bias and a cost model.
/// </summary>
/// <remarks>
/// One group: <c>y = (float)sum · s[m] + bias[m]</c>, each operation rounded to float32. Several: the sum over groups in double, in order,
/// rounded to float32 once, then the bias. Weights-only recipes have no integer products: <see cref="FloatWeights"/> holds the
/// dequantized weights and the layer runs in fp32.
/// </remarks>
public sealed class LoweredLayer
{
    /// <summary>The layer that was lowered.</summary>
    public required DotProductLayer Layer { get; init; }

    /// <summary>How the input becomes base codes; null for a weights-only layer.</summary>
    public IActivationQuantizer? Input { get; init; }

    /// <summary>The groups of products, at least one; empty for a weights-only layer.</summary>
    public IReadOnlyList<ProductGroup> Groups { get; init; } = [];

    /// <summary>Float bias [outputs], added last.</summary>
    public required float[] Bias { get; init; }

    /// <summary>Dequantized weights [outputs][depth] as the dot product sees them: what statistics of the quantized layer are made of.</summary>
    public required float[] FloatWeights { get; init; }

    /// <summary>What the layer costs under its method.</summary>
    public required ICostModel Cost { get; init; }

    /// <summary>Name of the method that lowered it.</summary>
    public required string Method { get; init; }

    /// <summary>Why the layer is not treated as its recipe says (a depthwise layer that stays INT8), or null.</summary>
    public string? Note { get; init; }

    /// <summary>Whether only the weights are quantized and the product is fp32.</summary>
    public bool IsWeightsOnly => Input is null;

    /// <summary>The largest absolute integer sum of a group that its codes and offsets allow; it picks 32 or 64 bits.</summary>
    /// <param name="group">The group.</param>
    /// <returns>The bound, exact for the weights at hand.</returns>
    public long SumBound(ProductGroup group)
    {
        long bound = 0;
        for (var m = 0; m < Layer.Outputs; m++)
        {
            var sum = Math.Abs(group.Offsets[m]);
            foreach (var term in group.Terms)
            {
                long weights = 0;
                foreach (var code in term.Weights.AsSpan(m * Layer.Depth, Layer.Depth)) weights += Math.Abs((int)code);
                sum += Math.Abs((long)term.Coefficient) * term.Activation.Range.Magnitude * weights;
            }

            bound = Math.Max(bound, sum);
        }

        return bound;
    }

    /// <summary>The layer with scales multiplied by <paramref name="factors"/> and <paramref name="shifts"/> added to the bias.</summary>
    /// <param name="factors">Factor of each output channel [outputs].</param>
    /// <param name="shifts">What is added to each output channel [outputs].</param>
    /// <returns>The corrected layer: y' = factor·(y − bias − integer bias) + bias + shift for single-group layers.</returns>
    public LoweredLayer Corrected(ReadOnlySpan<double> factors, ReadOnlySpan<double> shifts)
    {
        var bias = new float[Layer.Outputs];
        var original = Layer.Bias.Span;
        var weights = (float[])FloatWeights.Clone();
        var corrected = factors.ToArray();
        for (var m = 0; m < bias.Length; m++)
        {
            bias[m] = (float)(original[m] + shifts[m]);
            for (var k = 0; k < Layer.Depth; k++) weights[(m * Layer.Depth) + k] = (float)(weights[(m * Layer.Depth) + k] * corrected[m]);
        }

        return new LoweredLayer
        {
            Layer = Layer,
            Input = Input,
            Groups = [.. Groups.Select(group => group with
            {
                Offsets = LoweringMath.ZeroPointOffsets(group.Terms, Input!.ZeroPoint, Layer),
                Scales = [.. group.Scales.Select((scale, m) => (float)(scale * corrected[m]))],
            })],
            Bias = bias,
            FloatWeights = weights,
            Cost = Cost,
            Method = Method,
            Note = Note,
        };
    }
}
