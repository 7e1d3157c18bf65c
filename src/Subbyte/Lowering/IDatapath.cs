namespace Subbyte.Lowering;

/// <summary>The third slot of a layer: how weight codes and activation codes meet.</summary>
public interface IDatapath
{
    /// <summary>The method's name, for messages.</summary>
    string Name { get; }

    /// <summary>Whether it takes weights with several scales a row.</summary>
    bool TakesGroupScales => false;

    /// <summary>Fills the slots that are still empty with the codes that the method's paper uses; it may leave them empty.</summary>
    /// <param name="draft">The draft; its datapath is this one.</param>
    void FillEmptySlots(LayerDraft draft);

    /// <summary>Says why the datapath cannot take a draft's codes.</summary>
    /// <param name="draft">The draft; weights and activations are filled.</param>
    /// <returns>The reason, naming both methods, or null when it can.</returns>
    string? Refuses(LayerDraft draft);

    /// <summary>Lowers a complete draft to integer products.</summary>
    /// <param name="draft">The draft, accepted by <see cref="Refuses"/>.</param>
    /// <returns>The lowered layer.</returns>
    LoweredLayer Lower(LayerDraft draft);
}
