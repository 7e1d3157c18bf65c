using Subbyte.Calibration;

namespace Subbyte.Methods.Gptq;

/// <summary>Options of <c>gptq</c>.</summary>
public sealed record GptqOptions
{
    /// <summary>Bits of a weight.</summary>
    [Option("w", "bits of a weight", Minimum = 2, Maximum = 8, Unit = "bits")]
    public int WeightBits { get; set; } = 4;

    /// <summary>How the range of a channel's grid is chosen.</summary>
    [Option("clip", "how the range of an output channel's grid is chosen")]
    public GridRule Clip { get; set; }

    /// <summary>What is added to the diagonal of the second moments, as a share of its mean.</summary>
    [Option("damp", "what is added to the diagonal of the second moments, as a share of its mean", Minimum = 1e-8, Maximum = 1)]
    public double Damping { get; set; } = 0.01;

    /// <summary>Whether inputs with the most power are rounded first.</summary>
    [Option("act-order", "round the weights of the inputs with the most power first, while all others can still make up for them")]
    public bool ActivationOrder { get; set; }

    /// <summary>Whether the activations stay float.</summary>
    [Option("float-activations", "activations stay float; otherwise they are left to another step or to int8")]
    public bool FloatActivations { get; set; }

    /// <summary>Most calibration patches of a layer.</summary>
    [Option("patches", "most calibration patches of a layer", Minimum = 1, Maximum = 1_000_000)]
    public int Patches { get; set; } = Lowering.PatchRows.DefaultCount;
}
