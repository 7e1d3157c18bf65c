namespace Subbyte.Methods.Binary;

/// <summary>Options of <c>binary-connect</c> and <c>xnor-net</c>.</summary>
public sealed record BinaryNetOptions
{
    /// <summary>How the latents begin (training).</summary>
    [Option("start", "training: latents from scratch, or from the float network")]
    public LatentStart Start { get; set; } = LatentStart.Float;

    /// <summary>Deviation of a start from scratch (training).</summary>
    [Option("deviation", "training: standard deviation of a start from scratch; 0 takes 1/n with n the layer's fan-in", Minimum = 0, Maximum = 1)]
    public double Deviation { get; set; }
}
