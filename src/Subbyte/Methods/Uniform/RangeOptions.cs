using System.Globalization;
namespace Subbyte.Methods.Uniform;

/// <summary>One grid for each output channel or one for the whole weight tensor.</summary>
public enum WeightGranularity
{
    /// <summary>One scale for each output channel.</summary>
    PerChannel,

    /// <summary>One scale for all weights of the layer.</summary>
    PerTensor,
}

/// <summary>Which codes weights take, and how a range becomes a step.</summary>
public enum WeightGrid
{
    /// <summary>Codes ±(2^(b−1) − 1), step clip/(2^(b−1) − 1): the clip is a level.</summary>
    Narrow,

    /// <summary>All 2^b codes, step 2·clip/(2^b − 1), as LSQ and LAPQ have it: the clip lies half a step beyond the largest code.</summary>
    Full,
}

/// <summary>Which steps a quantizer can have.</summary>
public enum StepRule
{
    /// <summary>Any.</summary>
    Exact,

    /// <summary>The nearest power of two, by its logarithm.</summary>
    PowerOfTwo,
}

/// <summary>Options of uniform quantization but for its bits: how ranges are chosen.</summary>
public record RangeOptions
{
    /// <summary>How ranges of weights and activations are chosen.</summary>
    [Option("clip", "how ranges are chosen; 'default' goes by the bits: min-max or mse for weights, kl or mse for activations")]
    public ClipRule Clip { get; set; }

    /// <summary>How ranges of weights are chosen; as <see cref="Clip"/> says when it is the default.</summary>
    [Option("w-clip", "how ranges of weights are chosen, where it differs from 'clip'")]
    public ClipRule WeightClip { get; set; }

    /// <summary>How ranges of activations are chosen; as <see cref="Clip"/> says when it is the default.</summary>
    [Option("a-clip", "how ranges of activations are chosen, where it differs from 'clip'")]
    public ClipRule ActivationClip { get; set; }

    /// <summary>The percentile of |x| that the percentile rule keeps.</summary>
    [Option("percentile", "the percentile of |x| that the percentile rule keeps", Minimum = 50, Maximum = 100, Unit = "%")]
    public double Percentile { get; set; } = 99.99;

    /// <summary>One scale for each output channel or one for all weights.</summary>
    [Option("granularity", "one scale for each output channel, or one for all weights of a layer")]
    public WeightGranularity Granularity { get; set; }

    /// <summary>Inputs of an output channel that share a weight scale, consecutive along k; "off" for all of them.</summary>
    [Option("group", "inputs of an output channel that share a weight scale, consecutive along k (channels first, then kernel positions); off for all of them", Choices = "off|32|64|128")]
    public string Group { get; set; } = "off";

    /// <summary><see cref="Group"/> as a number, 0 for off.</summary>
    public int GroupLength => Group == "off" ? 0 : int.Parse(Group, CultureInfo.InvariantCulture);

    /// <summary>Which codes weights take.</summary>
    [Option("codes", "codes of weights: narrow is ±(2^(b−1) − 1) with the clip a level, full all 2^b with a step of 2·clip/(2^b − 1)")]
    public WeightGrid WeightGrid { get; set; }

    /// <summary>What the steps of weights are multiplied with after they are chosen.</summary>
    [Option("step-ratio", "factor on the steps of weights after they are chosen: how much another step than the best one costs", Minimum = 0.01, Maximum = 100)]
    public double StepRatio { get; set; } = 1;

    /// <summary>Which steps weights can have.</summary>
    [Option("step", "steps of weights as they come, or the nearest powers of two")]
    public StepRule Step { get; set; }

    /// <summary>Whether signed activations take all codes with a zero point.</summary>
    [Option("asymmetric", "activations with negative values get unsigned codes with a zero point")]
    public bool Asymmetric { get; set; }

    /// <summary>Which operands are coded.</summary>
    [Option("operands", "which operands are uniform; the other one stays open for another step, or for int8")]
    public Operands Operands { get; set; }
}

/// <summary>Options of <c>uniform</c>.</summary>
public sealed record UniformOptions : RangeOptions
{
    /// <summary>Bits of a weight.</summary>
    [Option("w", "bits of a weight", Minimum = 2, Maximum = 16, Unit = "bits")]
    public int WeightBits { get; set; } = 8;

    /// <summary>Bits of an activation, or float.</summary>
    [Option("a", "bits of an activation, or float for weights only", Choices = "2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|float")]
    public string ActivationBits { get; set; } = "8";
}
