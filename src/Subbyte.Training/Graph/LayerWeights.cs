using Subbyte.Kernels;
using Subbyte.Methods.Training;
using Tensor = Subbyte.Tensors.Tensor;

namespace Subbyte.Training;

/// <summary>
/// The weights of a layer: those that the optimizer moves, [output][k], and those that the layer multiplies, which come out of a quantizer where a method has
/// put one.
/// </summary>
internal sealed class LayerWeights
{
    private readonly int _outputs;
    private readonly bool _isTransposed;
    private readonly float[] _quantized = [];
    private readonly float[] _quantizedGradient = [];

    /// <summary>Weights of a layer.</summary>
    /// <param name="latent">What the optimizer moves.</param>
    /// <param name="layer">What methods see.</param>
    /// <param name="quantizer">The quantizer, or null.</param>
    /// <param name="isTransposed">Whether the layer multiplies [k][output].</param>
    public LayerWeights(Parameter latent, TrainableLayer layer, ITrainableWeights? quantizer, bool isTransposed = false)
    {
        (Latent, Layer, Quantizer, _isTransposed, _outputs) = (latent, layer, quantizer, isTransposed, layer.Outputs);
        State = quantizer is null ? null : new QuantizerState($"{layer.Name}.weights", quantizer);
        if (quantizer is not null) (_quantized, _quantizedGradient) = (new float[latent.Length], new float[latent.Length]);
        Values = isTransposed ? new float[latent.Length] : quantizer is null ? latent.Values : _quantized;
        Gradient = isTransposed ? new float[latent.Length] : quantizer is null ? latent.Gradient : _quantizedGradient;
    }

    /// <summary>What the optimizer moves.</summary>
    public Parameter Latent { get; }

    /// <summary>What methods see of the layer.</summary>
    public TrainableLayer Layer { get; }

    /// <summary>The quantizer, or null.</summary>
    public ITrainableWeights? Quantizer { get; }

    /// <summary>Its parameters, or null.</summary>
    public QuantizerState? State { get; }

    /// <summary>What the layer multiplies.</summary>
    public float[] Values { get; }

    /// <summary>Takes the gradient of <see cref="Values"/>.</summary>
    public float[] Gradient { get; }

    /// <summary>Whether <see cref="PullBack"/> has anything to do.</summary>
    public bool NeedsPullBack => Quantizer is not null || _isTransposed;

    /// <summary>What training changes.</summary>
    public IEnumerable<Parameter> Parameters => [Latent, .. State?.Trained ?? []];

    /// <summary>All numbers that a checkpoint keeps.</summary>
    public IEnumerable<float[]> Numbers => [Latent.Values, .. State?.Values ?? []];

    /// <summary>Computes what the layer multiplies.</summary>
    public void Prepare()
    {
        Quantizer?.Forward(Latent.Values, State!.Values, _quantized);
        if (_isTransposed) Transposition.Run(Effective, Depth, _outputs, Depth, Values, _outputs);
    }

    /// <summary>Computes the gradient of the latent weights, and of the quantizer's parameters, from that of <see cref="Values"/>.</summary>
    public void PullBack()
    {
        if (_isTransposed) Transposition.Run(Gradient, _outputs, Depth, _outputs, Quantizer is null ? Latent.Gradient : _quantizedGradient, Depth);
        if (Quantizer is null) return;
        State!.ClearGradients();
        Quantizer.Backward(Latent.Values, State.Values, _quantizedGradient, Latent.Gradient, State.Gradients);
    }

    /// <summary>The weights that the layer multiplies as the network's constant.</summary>
    /// <returns>A new tensor.</returns>
    public Tensor ToTensor()
    {
        Quantizer?.Forward(Latent.Values, State!.Values, _quantized);
        return Latent.ToTensor(Effective);
    }

    private int Depth => Latent.Length / Math.Max(1, _outputs);

    private float[] Effective => Quantizer is null ? Latent.Values : _quantized;
}
