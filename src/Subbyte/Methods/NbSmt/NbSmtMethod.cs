using Subbyte.Lowering;

namespace Subbyte.Methods.NbSmt;

/// <summary>
/// NB-SMT: two or four slices of a dot product share each 8-bit multiplier; when several need it at once, each is squeezed to four bits instead
/// of waiting (Shomron and Weiser, "Non-Blocking Simultaneous Multithreading", MICRO 2020). It is a datapath; weights may be another method's.
/// </summary>
/// <param name="options">Options.</param>
public sealed class NbSmtMethod(NbSmtOptions options) : ILayerMethod
{
    /// <summary>Name in recipes.</summary>
    public const string Name = "nb-smt";

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<NbSmtOptions>(
        Name,
        "several threads share each 8-bit multiplier; operands that collide are squeezed to four bits",
        "Shomron, Weiser: Non-Blocking Simultaneous Multithreading: Embracing the Resiliency of Deep Neural Networks, MICRO 2020",
        Create,
        "nb-smt:threads=1", "nb-smt:threads=2", "nb-smt:threads=4");

    /// <inheritdoc/>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        var reason = options.Threads == 1 ? null : WhyOneThread(draft.Layer);
        if (reason is not null) draft.Note = reason;
        draft.Fill(new NbSmtDatapath(reason is null ? options : options with { Threads = 1, Split = ThreadSplit.Channel, Reorder = false }));
    }

    private static NbSmtMethod Create(NbSmtOptions options)
    {
        if (options.Threads == 3) throw new UserErrorException($"recipe step '{Name}': option 'threads' cannot be '3'; allowed: 1, 2 or 4");
        if (options.Threads == 4 && !SqueezePolicy.Find(options.Policy).UsesIdleThreads)
            throw new UserErrorException($"recipe step '{Name}': policy={options.Policy} takes every cycle for a collision of two and is not defined for four threads; policy=S+{options.Policy} is");
        if (options.Reorder && options.Split != ThreadSplit.Channel)
            throw new UserErrorException($"recipe step '{Name}': 'reorder' rearranges channels and needs split=channel");
        return new NbSmtMethod(options);
    }

    private static string? WhyOneThread(DotProductLayer layer)
    {
        if (layer.Kind is LayerKind.DepthwiseConvolution or LayerKind.GroupedConvolution)
            return $"{Name}: one thread; slices of a convolution with {layer.Groups} groups would be kernel positions";
        if (layer.Kind == LayerKind.FullyConnected) return $"{Name}: one thread, as every fully connected layer";
        return layer.Input.IsNonNegative ? null : $"{Name}: one thread; squeezing takes unsigned activations and this layer's input goes down to {layer.Input.Minimum:G4}";
    }
}
