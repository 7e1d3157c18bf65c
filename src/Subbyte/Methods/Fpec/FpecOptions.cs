using Subbyte.Calibration;
using Subbyte.Formats;
using Subbyte.Lowering;

namespace Subbyte.Methods.Fpec;

/// <summary>Options of <c>fpec</c>.</summary>
public sealed record FpecOptions
{
    /// <summary>Computation bits, sign included.</summary>
    [Option("bits", "computation bits: what is multiplied, sign included", Minimum = 2, Maximum = 16, Unit = "bits")]
    public int Bits { get; set; } = 5;

    /// <summary>Computation bits of the weights where they differ from <see cref="Bits"/>; 0 where they do not.</summary>
    [Option("weights", "computation bits of the weights where they differ from bits; 0 where they do not", Minimum = 0, Maximum = 16, Unit = "bits")]
    public int WeightBits { get; set; }

    /// <summary>Computation bits of the activations where they differ from <see cref="Bits"/>; 0 where they do not.</summary>
    [Option("activations", "computation bits of the activations where they differ from bits; 0 where they do not", Minimum = 0, Maximum = 16, Unit = "bits")]
    public int ActivationBits { get; set; }

    /// <summary>Use of the compensation bits.</summary>
    [Option("mode", "compensation: d direction (1 bit), dz direction or zero (2 bits, sparse), dm direction and magnitude (2 bits), n none (plain fixed point)")]
    public CompensationMode Mode { get; set; } = CompensationMode.Dz;

    /// <summary>EMB: how far the estimate lies below half a step.</summary>
    [Option("emb", "the error's estimate is half a step / 2^emb; 1 is the mean error, 0 the largest", Minimum = 0, Maximum = 2)]
    public int MagnitudeShift { get; set; } = 1;

    /// <summary>τ of mode DZ; negative for 2^−(EMB+1).</summary>
    [Option("threshold", "mode dz: errors below this share of half a step count as zero; -1 means 2^-(emb+1)", Minimum = -1, Maximum = 2)]
    public double Threshold { get; set; } = -1;

    /// <summary>What modes D and DM do about zeros.</summary>
    [Option("zero", "modes d and dm: whether zeros of non-negative tensors have a code without error (free), are compensated (raw), or everything that rounds to zero has none (skip)")]
    public ZeroCode Zero { get; set; }

    /// <summary>Whether non-negative activations have no sign bit.</summary>
    [Option("unsigned", "non-negative activations spend no bit on a sign")]
    public bool Unsigned { get; set; }

    /// <summary>Percentile of the activations' magnitudes that the integer bits cover.</summary>
    [Option("percentile", "percentile of the activations' magnitudes that does not saturate; 100 is the maximum", Minimum = 50, Maximum = 100, Unit = "%")]
    public double Percentile { get; set; } = 100;

    /// <summary>Bits of the first layer's input, which is not compensated; 0 to treat it like every other.</summary>
    [Option("image", "bits of the first layer's input, plain fixed point; 0 codes it like all other activations", Minimum = 0, Maximum = 16, Unit = "bits")]
    public int ImageBits { get; set; } = 8;

    /// <summary>Fewest computation bits of the last layer.</summary>
    [Option("last", "fewest computation bits of the last layer", Minimum = 2, Maximum = 16, Unit = "bits")]
    public int LastBits { get; set; } = 6;

    /// <summary>Whether the bias stays float.</summary>
    [Option("float-bias", "the bias is added in float32 instead of rounded to the step of the sum")]
    public bool FloatBias { get; set; }

    /// <summary>Adders of the compensation path.</summary>
    [Option("adders", "adders of a processing element's compensation path", Minimum = 1, Maximum = 2)]
    public int Adders { get; set; } = 1;

    /// <summary>Whether multiplications by zero activations take no cycle.</summary>
    [Option("skip-zeros", "multiplications by zero activations take no cycle")]
    public bool SkipZeros { get; set; }

    /// <summary>Format of a layer's weights: signed.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The format.</returns>
    public FpecFormat Weights(DotProductLayer layer)
    {
        var bits = BitsOf(layer, WeightBits);
        return Format(Mode) with { Words = new FixedPointFormat(bits, FpecFormat.FractionBits(MinMaxClip.Of(layer.Weights.Span), bits)) };
    }

    /// <summary>Format of a layer's input.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The format.</returns>
    public FpecFormat Activations(DotProductLayer layer)
    {
        var isImage = layer.Index == 0 && ImageBits > 0;
        var bits = isImage ? Math.Max(2, ImageBits) : BitsOf(layer, ActivationBits);
        var input = layer.Input;
        var maximum = Percentile < 100 ? PercentileClip.Of(new AbsoluteHistogram(input.AbsoluteHistogram, input.AbsoluteMaximum), Percentile) : input.AbsoluteMaximum;
        var isUnsigned = Unsigned && input.IsNonNegative;
        if (isUnsigned) bits++;
        return Format(isImage ? CompensationMode.N : Mode) with
        {
            Words = new FixedPointFormat(bits, FpecFormat.FractionBits(maximum, bits)),
            IsNonNegative = input.IsNonNegative,
            IsUnsigned = isUnsigned,
        };
    }

    private int BitsOf(DotProductLayer layer, int own)
    {
        var bits = own == 0 ? Bits : Math.Max(2, own);
        return layer.IsEnd && layer.Index > 0 ? Math.Max(bits, LastBits) : bits;
    }

    private FpecFormat Format(CompensationMode mode) => new()
    {
        Words = default,
        Mode = mode,
        MagnitudeShift = MagnitudeShift,
        Threshold = Threshold < 0 ? Math.ScaleB(1, -1 - MagnitudeShift) : Threshold,
        Zero = Zero,
    };
}
