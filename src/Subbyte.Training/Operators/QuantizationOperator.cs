using System.Numerics.Tensors;
using Subbyte.Kernels;
using Subbyte.Methods.Training;

namespace Subbyte.Training;

/// <summary>A method's quantizer at a layer's input.</summary>
internal sealed class QuantizationOperator : Operator
{
    private readonly PartialGradient[] _shares;
    private bool _addsToInput;

    /// <summary>A quantizer.</summary>
    /// <param name="layer">The layer behind it.</param>
    /// <param name="input">Input map.</param>
    /// <param name="output">Output map.</param>
    /// <param name="quantizer">The quantizer.</param>
    public QuantizationOperator(TrainableLayer layer, FeatureMap input, FeatureMap output, ITrainableActivations quantizer)
        : base($"{layer.Name}.input", input, output)
    {
        (Layer, Quantizer, Quantities) = (layer, quantizer, new QuantizerState(Name, quantizer));
        _shares = [.. Quantities.Gradients.Select(gradient => new PartialGradient(gradient))];
    }

    /// <summary>The layer behind it.</summary>
    public TrainableLayer Layer { get; }

    /// <summary>The quantizer.</summary>
    public ITrainableActivations Quantizer { get; }

    /// <summary>Its parameters.</summary>
    public QuantizerState Quantities { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => Quantities.Trained;

    /// <inheritdoc/>
    public override IEnumerable<float[]> State => Quantities.Values;

    /// <inheritdoc/>
    public override int GradientTiles => _shares.Length;

    /// <inheritdoc/>
    public override int ScratchFloats(int samples) => checked(SampleBlock.Size * Input.Length);

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Allocate(int samples)
    {
        foreach (var share in _shares) share.Allocate(samples);
    }

    /// <summary>Sets the parameters by a batch that has come this far.</summary>
    /// <param name="samples">Samples of the batch.</param>
    /// <param name="random">A sequence of its own.</param>
    public void Initialize(int samples, SeededRandom random) => Quantizer.Initialize(Input.Values(0, samples).ToArray(), Quantities.Values, random);

    /// <inheritdoc/>
    public override void Forward(SampleBlock block) => Quantizer.Forward(block.Values(Input), Quantities.Values, block.Values(Output));

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        var dx = Input.NeedsGradient ? block.Gradient(Input) : block.Scratch.Floats[..(block.Count * Input.Length)];
        var gradient = _addsToInput ? block.Scratch.Floats[..dx.Length] : dx;
        var shares = new float[_shares.Length][];
        for (var i = 0; i < shares.Length; i++) shares[i] = new float[Quantities.Gradients[i].Length];
        Quantizer.Backward(block.Values(Input), Quantities.Values, block.Gradient(Output), gradient, shares);
        for (var i = 0; i < shares.Length; i++) shares[i].CopyTo(_shares[i].Of(block));
        if (_addsToInput) TensorPrimitives.Add(dx, gradient, dx);
    }

    /// <inheritdoc/>
    public override void FinishGradient(int tile, int samples, Scratch scratch)
    {
        for (var part = 0; part < _shares[tile].Tiles; part++) _shares[tile].Sum(part, samples);
    }
}
