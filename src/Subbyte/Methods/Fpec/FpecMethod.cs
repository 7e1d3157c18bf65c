using Subbyte.Lowering;

namespace Subbyte.Methods.Fpec;

/// <summary>
/// Fixed point with error compensation: words of n computation bits that are multiplied and one or two bits that say how each was rounded, from
/// which additions estimate the error of a dot product. It fills the datapath slot, which brings its own codes.
/// </summary>
public sealed class FpecMethod : ILayerMethod
{
    /// <summary>Name in recipes.</summary>
    public const string Name = "fpec";

    private readonly FpecOptions _options;

    /// <summary>The method.</summary>
    /// <param name="options">Options.</param>
    /// <exception cref="UserErrorException">A word, its compensation included, would not fit sixteen bits.</exception>
    public FpecMethod(FpecOptions options)
    {
        _options = options;
        Check("bits", options.Bits, options.Mode);
        Check("weights", Math.Max(2, options.WeightBits), options.Mode);
        Check("activations", Math.Max(2, options.ActivationBits), options.Mode);
        Check("last", Math.Max(options.Bits, options.LastBits), options.Mode);
        Check("image", Math.Max(2, options.ImageBits), CompensationMode.N);
    }

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<FpecOptions>(
        Name,
        "fixed point of few bits with one or two more that say how a value was rounded, to compensate dot products",
        "S. Jain, S. Venkataramani, V. Srinivasan, J. Choi, P. Chuang, L. Chang, \"Compensated-DNN: Energy Efficient Low-Precision Deep Neural Networks by Compensating Quantization Errors\", DAC 2018",
        options => new FpecMethod(options),
        "fpec:bits=5,mode=d", "fpec:bits=5,mode=dz", "fpec:bits=6,mode=dz", "fpec:bits=8,mode=n");

    /// <inheritdoc/>
    /// <remarks>The first layer's image has its own width, and the last layer does not go below a least one.</remarks>
    public bool CoversEnds => true;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft) => draft.Fill(new FpecDatapath(_options));

    private void Check(string option, int bits, CompensationMode mode)
    {
        var widest = new FpecFormat
        {
            Words = new(_options.Unsigned ? bits + 1 : bits, 0),
            Mode = mode,
            MagnitudeShift = _options.MagnitudeShift,
            IsNonNegative = _options.Unsigned,
        };
        var range = FpecActivations.BaseRange(widest);
        if (range.Lowest < short.MinValue || range.Highest > short.MaxValue)
            throw new UserErrorException($"recipe step '{Name}': words of {option}={bits} do not fit 16 bits with what mode={_options.Mode.ToString().ToLowerInvariant()}, emb={_options.MagnitudeShift}, unsigned={(_options.Unsigned ? "true" : "false")} add; take fewer bits");
    }
}
