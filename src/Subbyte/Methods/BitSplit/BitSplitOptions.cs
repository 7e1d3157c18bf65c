namespace Subbyte.Methods.BitSplit;

/// <summary>What the digits of the weights are chosen for.</summary>
public enum DigitObjective
{
    /// <summary>The smallest error of the layer's output on calibration patches.</summary>
    Output,

    /// <summary>The smallest error of the weights themselves: the starting point of the other one.</summary>
    Weights,
}

/// <summary>Whether activations have one scale for each input channel, which goes into the weights.</summary>
public enum ErrorCompensation
{
    /// <summary>Whichever leaves the smaller output error on the calibration patches, layer by layer.</summary>
    Auto,

    /// <summary>One scale for each input channel.</summary>
    On,

    /// <summary>One scale for the layer.</summary>
    Off,
}

/// <summary>Options of <c>bit-split</c>.</summary>
public sealed record BitSplitOptions
{
    /// <summary>Bits of a weight, sign included.</summary>
    [Option("w", "bits of a weight, sign included; w − 1 ternary digits", Minimum = 2, Maximum = 8, Unit = "bits")]
    public int WeightBits { get; set; } = 4;

    /// <summary>Bits of an activation, float, or open.</summary>
    [Option("a", "bits of an activation, float for weights only, open to leave them to another step or to int8", Choices = "open|2|3|4|5|6|7|8|float")]
    public string ActivationBits { get; set; } = "open";

    /// <summary>Whether activations have one scale for each input channel.</summary>
    [Option("ecaq", "activation scales of input channels that go into the weights (error-compensated activation quantization), where 'a' is a number")]
    public ErrorCompensation Compensation { get; set; }

    /// <summary>What the digits are chosen for.</summary>
    [Option("objective", "what the digits minimise: the error of the output on calibration patches, or that of the weights")]
    public DigitObjective Objective { get; set; }

    /// <summary>Whether each layer's input is that of the network whose earlier layers are quantized.</summary>
    [Option("sequential", "digits answer to what the layers before, already quantized, give; otherwise to the float network's inputs")]
    public bool Sequential { get; set; }

    /// <summary>Most calibration patches of a layer.</summary>
    [Option("patches", "most calibration patches of a layer", Minimum = 1, Maximum = 1_000_000)]
    public int Patches { get; set; } = Lowering.PatchRows.DefaultCount;

    /// <summary>Most rounds over all digits of a channel.</summary>
    [Option("epochs", "most rounds over all digits of an output channel; most end at a fixed point before the tenth", Minimum = 1, Maximum = 10_000)]
    public int Epochs { get; set; } = 100;
}
