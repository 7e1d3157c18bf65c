using Subbyte.Lowering;
using Subbyte.Networks.Operators;
using Subbyte.Tensors;

namespace Subbyte.Networks.Execution;

/// <summary>What one lowered layer did to one sample.</summary>
/// <param name="Signal">Σ y² of the fp32 layer on the input that the lowered layer saw.</param>
/// <param name="Noise">Σ (y − ŷ)².</param>
/// <param name="Saturated">Inputs that lay outside the range of the activation codes by more than half a step.</param>
/// <param name="Inputs">Number of inputs.</param>
public readonly record struct LayerNoiseSample(double Signal, double Noise, long Saturated, long Inputs)
{
    /// <summary>Adds two measurements.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static LayerNoiseSample operator +(LayerNoiseSample a, LayerNoiseSample b)
        => new(a.Signal + b.Signal, a.Noise + b.Noise, a.Saturated + b.Saturated, a.Inputs + b.Inputs);

    /// <summary>10·log10(signal / noise) in decibels; +∞ without noise.</summary>
    public double SignalToNoiseDecibels => Noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(Signal / Noise);
}

/// <summary>
/// Measures the error that each lowered layer adds: its output against the fp32 layer's on the same input. The plan must be compiled with a
/// batch of 1 and without fused activations.
/// </summary>
public sealed class LayerNoise : IExecutionObserver
{
    private readonly Dictionary<string, Reference> _references = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LayerNoiseSample> _sample = new(StringComparer.Ordinal);

    /// <summary>A measurement for one thread.</summary>
    /// <param name="plan">The plan.</param>
    public LayerNoise(ExecutionPlan plan)
    {
        foreach (var product in plan.DotProducts.Where(product => product.Lowered is not null))
        {
            var layer = new ProductLayer(product.LayerName, product.Kind, product.Geometry, product.Weights.ToArray(), product.Bias.ToArray(), plan.Batch);
            var output = new TensorType(ElementType.Float32, [product.Geometry.Positions, product.Geometry.OutChannels]);
            _references[product.LayerName] = new Reference(ProductPlans.Create(layer, null, output));
        }
    }

    /// <summary>What each lowered layer did in the last run.</summary>
    public IReadOnlyDictionary<string, LayerNoiseSample> Sample => _sample;

    /// <inheritdoc/>
    public void Ran(NodePlan plan, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
    {
        if (plan is not IDotProductPlan { Lowered: { } lowered } product) return;
        var reference = _references[product.LayerName];
        reference.Plan.Run(inputs, [reference.Output], reference.Scratch);
        var (signal, noise) = (0.0, 0.0);
        var exact = reference.Output.AsSpan<float>();
        var actual = outputs[0].AsSpan<float>();
        for (var i = 0; i < exact.Length; i++)
        {
            double difference = (double)exact[i] - actual[i];
            signal += (double)exact[i] * exact[i];
            noise += difference * difference;
        }

        _sample[product.LayerName] = new LayerNoiseSample(signal, noise, Saturated(inputs[0]!.AsSpan<float>(), lowered.Input), inputs[0]!.Length);
    }

    private static long Saturated(ReadOnlySpan<float> values, IActivationQuantizer? quantizer)
    {
        if (quantizer is null) return 0;
        var lowest = (quantizer.Range.Lowest - quantizer.ZeroPoint - 0.5) * quantizer.Scale;
        var highest = (quantizer.Range.Highest - quantizer.ZeroPoint + 0.5) * quantizer.Scale;
        long saturated = 0;
        foreach (var value in values)
        {
            if (value < lowest || value > highest) saturated++;
        }

        return saturated;
    }

    private sealed class Reference(ProductPlan plan)
    {
        public ProductPlan Plan { get; } = plan;

        public Tensor Output { get; } = Tensor.Zeros(ElementType.Float32, plan.Outputs[0].Physical);

        public byte[] Scratch { get; } = new byte[plan.ScratchBytes];
    }
}
