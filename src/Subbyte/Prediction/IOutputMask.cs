namespace Subbyte.Prediction;

/// <summary>
/// Says which elements of a feature map are computed, and which are predicted to be zero and never computed. The map is that after batch norm,
/// residual addition and ReLU. Immutable; shared by threads.
/// </summary>
public interface IOutputMask
{
    /// <summary>The method, for tables and messages.</summary>
    string Method { get; }

    /// <summary>The map that the mask is made for.</summary>
    MapShape Shape { get; }

    /// <summary>Whether a position is computed in every channel whatever the data are: a machine computes these before it decides about the others.</summary>
    IReadOnlyList<bool> ComputedFirst { get; }

    /// <summary>
    /// Decides for one sample. The map holds what each element would be; what is decided may only depend on elements that are computed
    /// before, so that a machine could skip the others.
    /// </summary>
    /// <param name="map">Exact values [position][channel], not negative.</param>
    /// <param name="keep">Filled with all ones where an element is computed, zero where it is skipped; as long as the map.</param>
    void Decide(ReadOnlySpan<float> map, Span<uint> keep);
}

/// <summary>Is told what masks decide.</summary>
public interface IMaskObserver
{
    /// <summary>A mask has decided for a sample.</summary>
    /// <param name="layer">The layer whose products are saved.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="keep">What it decided [position][channel], see <see cref="IOutputMask.Decide"/>.</param>
    void Decided(string layer, IOutputMask mask, ReadOnlySpan<uint> keep);
}
