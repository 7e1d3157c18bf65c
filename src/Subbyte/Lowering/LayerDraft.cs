namespace Subbyte.Lowering;

/// <summary>
/// A layer on its way to integer products: three slots that methods fill. A slot that stays empty is filled by the datapath's own
/// preference, then by uniform eight bits and the exact product.
/// </summary>
/// <param name="layer">The layer.</param>
public sealed class LayerDraft(DotProductLayer layer)
{
    /// <summary>The layer.</summary>
    public DotProductLayer Layer { get; } = layer;

    /// <summary>Codes of the weights, or null while the slot is empty.</summary>
    public WeightCodes? Weights { get; private set; }

    /// <summary>Quantizer of the activations, or null while the slot is empty.</summary>
    public IActivationQuantizer? Activations { get; private set; }

    /// <summary>Whether the activations stay float (a weights-only recipe).</summary>
    public bool FloatActivations { get; private set; }

    /// <summary>How codes meet, or null while the slot is empty.</summary>
    public IDatapath? Datapath { get; private set; }

    /// <summary>
    /// Patch rows, by group and most rows, as the layer sees them once the layers before it are lowered: the same positions as those of the float
    /// network. Each draft's first call runs the network over the calibration samples.
    /// </summary>
    public Func<int, int, PatchRows> LoweredPatches { get; init; } = layer.Input.Patches;

    /// <summary>Why the layer is not treated as its recipe says, or null.</summary>
    public string? Note { get; set; }

    /// <summary>Whether the activation slot is taken, by codes or by float.</summary>
    public bool HasActivations => Activations is not null || FloatActivations;

    /// <summary>Fills the weight slot.</summary>
    /// <param name="codes">The codes.</param>
    /// <exception cref="UserErrorException">The slot is taken.</exception>
    public void Fill(WeightCodes codes)
    {
        Refuse("weights", Weights?.FilledBy, codes.FilledBy);
        Weights = codes;
    }

    /// <summary>Fills the activation slot.</summary>
    /// <param name="quantizer">The quantizer.</param>
    /// <exception cref="UserErrorException">The slot is taken.</exception>
    public void Fill(IActivationQuantizer quantizer)
    {
        Refuse("activations", FloatActivations ? "float activations" : Activations?.FilledBy, quantizer.FilledBy);
        Activations = quantizer;
    }

    /// <summary>Fills the activation slot with float: only the weights are quantized.</summary>
    /// <param name="filledBy">Name of the method.</param>
    /// <exception cref="UserErrorException">The slot is taken.</exception>
    public void KeepFloatActivations(string filledBy)
    {
        Refuse("activations", Activations?.FilledBy, filledBy);
        FloatActivations = true;
    }

    /// <summary>Fills the datapath slot.</summary>
    /// <param name="datapath">The datapath.</param>
    /// <exception cref="UserErrorException">The slot is taken.</exception>
    public void Fill(IDatapath datapath)
    {
        Refuse("datapath", Datapath?.Name, datapath.Name);
        Datapath = datapath;
    }

    private void Refuse(string slot, string? first, string second)
    {
        if (first is not null)
            throw new UserErrorException($"layer '{Layer.Name}': both {first} and {second} fill its {slot}; keep one of them, or give each its layers with 'layers=' or 'except='");
    }
}
