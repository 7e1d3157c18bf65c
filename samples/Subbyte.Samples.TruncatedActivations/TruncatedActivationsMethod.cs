using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.Uniform;

namespace Subbyte.Samples.TruncatedActivations;

/// <summary>The worked example of docs/adding-a-method.md: eight-bit codes whose activations lose their lowest bits.</summary>
/// <param name="options">Options.</param>
public sealed class TruncatedActivationsMethod(TruncatedActivationsOptions options) : ILayerMethod, IDatapath
{
    /// <summary>The registration: the one line that a registry needs.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<TruncatedActivationsOptions>(
        "truncate", "drops the lowest bits of eight-bit activations", "docs/adding-a-method.md", options => new TruncatedActivationsMethod(options), "truncate:drop=2", "truncate:drop=4");

    /// <inheritdoc/>
    public string Name => "truncate";

    /// <inheritdoc/>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft) => draft.Fill((IDatapath)this);

    /// <inheritdoc/>
    public void FillEmptySlots(LayerDraft draft) => DefaultSlots.Fill(draft);

    /// <inheritdoc/>
    public string? Refuses(LayerDraft draft)
        => draft.Activations is null ? $"{Name} needs integer activations, and {draft.Weights?.FilledBy} keeps them in float" : null;

    /// <inheritdoc/>
    public LoweredLayer Lower(LayerDraft draft)
    {
        // The exact product is lowered first; only the activation code of its terms changes.
        var exact = ExactDatapath.Instance.Lower(draft);
        var truncation = new TableCode(exact.Input!.Range, code => Truncate(code, exact.Input.ZeroPoint));
        return exact with
        {
            Groups = [.. exact.Groups.Select(group => group with { Terms = [.. group.Terms.Select(term => new ProductTerm(truncation, term.Weights, term.Coefficient))] })],
            Method = Name,
        };
    }

    /// <summary>Drops low bits of the distance from the zero point, so that zero stays zero.</summary>
    private int Truncate(int code, int zeroPoint)
    {
        var distance = code - zeroPoint;
        return zeroPoint + (Math.Sign(distance) * (Math.Abs(distance) >> options.Drop << options.Drop));
    }
}
