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
public sealed record ProductGroup(IReadOnlyList<ProductTerm> Terms, long[] Offsets, float[] Scales)
{
    /// <summary>The run of k that the group sums over, weights beyond it counting as 0; null for whole rows.</summary>
    public DepthSlice? Slice { get; init; }

    /// <summary>The weights of one output channel that a term of the group multiplies.</summary>
    /// <param name="term">One of <see cref="Terms"/>.</param>
    /// <param name="output">Output channel.</param>
    /// <param name="depth">Length of a row.</param>
    /// <returns>The weights of the slice.</returns>
    public ReadOnlySpan<short> Row(ProductTerm term, int output, int depth)
        => Slice is { } slice ? term.Weights.AsSpan((output * depth) + slice.First, slice.Length) : term.Weights.AsSpan(output * depth, depth);

    /// <summary>A term that says the same over whole rows: its weights beyond the slice are 0.</summary>
    /// <param name="term">One of <see cref="Terms"/>.</param>
    /// <param name="depth">Length of a row.</param>
    /// <returns>The term.</returns>
    public ProductTerm Whole(ProductTerm term, int depth)
    {
        if (Slice is not { } slice) return term;
        var weights = new short[term.Weights.Length];
        for (var m = 0; m < weights.Length / depth; m++) Row(term, m, depth).CopyTo(weights.AsSpan((m * depth) + slice.First));
        return new ProductTerm(term.Activation, weights, term.Coefficient);
    }
}

/// <summary>A run of consecutive k.</summary>
/// <param name="First">The first.</param>
/// <param name="Length">How many, ≥ 1.</param>
public readonly record struct DepthSlice(int First, int Length);

/// <summary>What a method's hardware gives for one output of a patch, value by value: the sum of the layer's only group, offsets left out.</summary>
/// <param name="patch">Base codes [depth].</param>
/// <param name="output">Output channel.</param>
/// <returns>The exact sum.</returns>
public delegate long DatapathSum(ReadOnlySpan<short> patch, int output);

/// <summary>
/// A layer under a method, as the executor, the exporter, the simulator and the report see it: an input quantizer, groups of integer
/// products, a float bias and a cost model.
/// </summary>
/// <remarks>
/// One group: <c>y = (float)sum · s[m] + bias[m]</c>, each operation rounded to float32. Several: the sum over groups in double, in order,
/// rounded to float32 once, then the bias. Weights-only recipes have no integer products: <see cref="FloatWeights"/> holds the
/// dequantized weights and the layer runs in fp32.
/// </remarks>
public sealed record LoweredLayer
{
    /// <summary>The layer that was lowered.</summary>
    public required DotProductLayer Layer { get; init; }

    /// <summary>How the input becomes base codes; null for a weights-only layer.</summary>
    public IActivationQuantizer? Input { get; init; }

    /// <summary>The groups of products, at least one; empty for a weights-only layer.</summary>
    public IReadOnlyList<ProductGroup> Groups { get; init; } = [];

    /// <summary>Float bias [outputs], added last; zeros where the bias is an integer.</summary>
    public required float[] Bias { get; init; }

    /// <summary>The integer bias [outputs] that the offsets of the only group include, or null where the bias is added in float.</summary>
    public long[]? IntegerBias { get; init; }

    /// <summary>How <see cref="IntegerBias"/> was rounded.</summary>
    public MidpointRounding BiasRounding { get; init; } = MidpointRounding.ToEven;

    /// <summary>Dequantized weights [outputs][depth] as the dot product sees them: what statistics of the quantized layer are made of.</summary>
    public required float[] FloatWeights { get; init; }

    /// <summary>Codes and scales that <see cref="FloatWeights"/> is made of, where a weights-only layer has one plane of them.</summary>
    public WeightPlane? WeightCodes { get; init; }

    /// <summary>What the layer costs under its method.</summary>
    public required ICostModel Cost { get; init; }

    /// <summary>Name of the method that lowered it.</summary>
    public required string Method { get; init; }

    /// <summary>Why the layer is not treated as its recipe says (a depthwise layer that stays INT8), or null.</summary>
    public string? Note { get; init; }

    /// <summary>The method's own datapath, where it does more than multiply codes; null where the sum of products says all.</summary>
    public DatapathSum? Datapath { get; init; }

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
                foreach (var code in group.Row(term, m, Layer.Depth)) weights += Math.Abs((int)code);
                sum += Math.Abs((long)term.Coefficient) * term.Activation.Range.Magnitude * weights;
            }

            bound = Math.Max(bound, sum);
        }

        return bound;
    }

    /// <summary>The layer with each output's product multiplied by a factor and a shift added: <c>y' = f·(y − bias) + bias + t</c>.</summary>
    /// <param name="factors">Factor f of each output channel [outputs], &gt; 0; it goes into the weight scale.</param>
    /// <param name="shifts">Shift t of each output channel [outputs]; it goes into the bias, which stays an integer where it was one.</param>
    /// <returns>The corrected layer.</returns>
    public LoweredLayer Corrected(ReadOnlySpan<double> factors, ReadOnlySpan<double> shifts)
    {
        var scaling = factors.ToArray();
        var bias = new float[Layer.Outputs];
        for (var m = 0; m < bias.Length; m++) bias[m] = (float)(Layer.Bias.Span[m] + shifts[m]);
        ProductGroup[] groups = [.. Groups.Select(group => group with { Scales = [.. group.Scales.Select((scale, m) => (float)(scale * scaling[m]))] })];
        var integerBias = IntegerBias is null ? null : LoweringMath.IntegerBias(bias, groups[0].Scales, BiasRounding);
        if (integerBias is not null)
        {
            groups[0] = groups[0] with { Offsets = [.. groups[0].Offsets.Select((offset, m) => offset - IntegerBias![m] + integerBias[m])] };
            bias = new float[Layer.Outputs];
        }

        var codes = WeightCodes?.Scaled(scaling);
        return this with
        {
            Groups = groups,
            WeightCodes = codes,
            Bias = bias,
            IntegerBias = integerBias,
            FloatWeights = codes is not null ? LoweringMath.Dequantize([codes], Layer.Depth) : [.. FloatWeights.Select((weight, i) => (float)(weight * scaling[i / Layer.Depth]))],
        };
    }
}
