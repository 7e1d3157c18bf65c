using Subbyte.Lowering;
using Subbyte.Methods.Binary;
using Subbyte.Methods.Training;
using Subbyte.Networks;

namespace Subbyte.Methods.SiBnn;

/// <summary>
/// Sparsity-inducing binary networks (Wang et al., AAAI 2020): activations are 0 or 1, with a threshold that is learned, and weights ±α. What is 0 needs
/// no work, and zero padding is exact.
/// </summary>
/// <param name="options">Options.</param>
public sealed class SiBnnMethod(SiBnnOptions options) : ILayerMethod, ITrainingMethod
{
    /// <summary>Name in recipes.</summary>
    public const string Name = "si-bnn";

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<SiBnnOptions>(
        Name,
        "trained: activations 0 or 1 with a learned threshold, weights ±α",
        "P. Wang, X. He, G. Li, T. Zhao, J. Cheng, \"Sparsity-Inducing Binarized Neural Networks\", AAAI 2020",
        options => new SiBnnMethod(options));

    /// <inheritdoc/>
    /// <remarks>Ends stay float, in training and in inference.</remarks>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public Network Prepare(Network network) => options.Activations == SiBnnActivations.Open ? network : ReplacedActivations.Remove(network, BinaryLayers.Covers);

    /// <inheritdoc/>
    public ITrainableWeights? Weights(TrainableLayer layer)
        => BinaryLayers.Covers(layer) ? new BinaryWeights(layer.Outputs, layer.Depth, new BinaryTraining(Name, options.Gradient, true, options.Start, options.Deviation)) : null;

    /// <inheritdoc/>
    public ITrainableActivations? Activations(TrainableLayer layer)
    {
        if (!BinaryLayers.Covers(layer)) return null;
        return options.Activations switch
        {
            SiBnnActivations.Step => new StepFunction(layer.InputChannels, options),
            SiBnnActivations.Sign => new SignActivations(Name),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        draft.Fill(LevelWeights.Of(Name, draft.Layer, 1));
        if (options.Activations != SiBnnActivations.Open) draft.Fill(new StepActivations(Name, isNonNegative: options.Activations == SiBnnActivations.Step));
        draft.Fill(new TrainedProduct(Name));
    }
}
