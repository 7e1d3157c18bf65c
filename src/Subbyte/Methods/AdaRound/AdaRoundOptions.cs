using Subbyte.Calibration;

namespace Subbyte.Methods.AdaRound;

/// <summary>Options of <c>adaround</c>.</summary>
public sealed record AdaRoundOptions
{
    /// <summary>Bits of a weight.</summary>
    [Option("w", "bits of a weight", Minimum = 2, Maximum = 8, Unit = "bits")]
    public int WeightBits { get; set; } = 4;

    /// <summary>How the range of a channel's grid is chosen.</summary>
    [Option("clip", "how the range of an output channel's grid is chosen")]
    public GridRule Clip { get; set; }

    /// <summary>Whether each layer's input is that of the network whose earlier layers are quantized.</summary>
    [Option("sequential", "reconstruct from what the layers before, already quantized, give (asymmetric); otherwise from the float network's inputs")]
    public bool Sequential { get; set; }

    /// <summary>Steps of the optimization.</summary>
    [Option("iterations", "steps of the optimization", Minimum = 1, Maximum = 100_000)]
    public int Iterations { get; set; } = 2000;

    /// <summary>Learning rate of Adam.</summary>
    [Option("rate", "learning rate of Adam", Minimum = 1e-6, Maximum = 1)]
    public double Rate { get; set; } = 0.01;

    /// <summary>Weight of the regularizer; the error of the nearest integers counts as 1 for each weight.</summary>
    [Option("lambda", "weight of the regularizer that drives roundings to 0 or 1, where the error of the nearest integers is 1 a weight", Minimum = 0, Maximum = 1000)]
    public double Lambda { get; set; } = 10;

    /// <summary>Whether the activations stay float.</summary>
    [Option("float-activations", "activations stay float; otherwise they are left to another step or to int8")]
    public bool FloatActivations { get; set; }

    /// <summary>Most calibration patches of a layer.</summary>
    [Option("patches", "most calibration patches of a layer", Minimum = 1, Maximum = 1_000_000)]
    public int Patches { get; set; } = Lowering.PatchRows.DefaultCount;
}
