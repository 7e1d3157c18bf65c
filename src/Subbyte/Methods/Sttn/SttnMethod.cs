using Subbyte.Lowering;
using Subbyte.Methods.Binary;
using Subbyte.Methods.Training;
using Subbyte.Networks;

namespace Subbyte.Methods.Sttn;

/// <summary>
/// Soft threshold ternary networks (Xu et al., IJCAI 2020): in training a weight is the sum of two binary ones with latents of their own, so that no
/// threshold says which become zero; afterwards both are merged into one ternary kernel. Activations are ternary too.
/// </summary>
/// <param name="options">Options.</param>
public sealed class SttnMethod(SttnOptions options) : ILayerMethod, ITrainingMethod
{
    /// <summary>Name in recipes.</summary>
    public const string Name = "sttn";

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<SttnOptions>(
        Name,
        "trained: ternary weights as the sum of two binary kernels, ternary activations",
        "W. Xu, X. He, T. Zhao, Q. Hu, P. Wang, J. Cheng, \"Soft Threshold Ternary Networks\", IJCAI 2020",
        options => new SttnMethod(options));

    /// <inheritdoc/>
    /// <remarks>Ends stay float, in training and in inference.</remarks>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public Network Prepare(Network network) => options.Activations == SttnActivations.Ternary ? ReplacedActivations.Remove(network, Covers) : network;

    /// <inheritdoc/>
    public ITrainableWeights? Weights(TrainableLayer layer) => Covers(layer) ? new SttnWeights(layer.Outputs, layer.Depth, options) : null;

    /// <inheritdoc/>
    public ITrainableActivations? Activations(TrainableLayer layer) => Covers(layer) && options.Activations == SttnActivations.Ternary ? new TernaryActivations() : null;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        draft.Fill(LevelWeights.Of(Name, draft.Layer, 2));
        if (options.Activations == SttnActivations.Ternary) draft.Fill(new StepActivations(Name, draft.Layer.Input.IsNonNegative));
        draft.Fill(new TrainedProduct(Name));
    }

    private static bool Covers(TrainableLayer layer) => BinaryLayers.Covers(layer);
}
