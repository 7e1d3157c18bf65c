using Subbyte.Lowering;
using Subbyte.Methods.Training;
using Subbyte.Networks;

namespace Subbyte.Methods.Binary;

/// <summary>
/// The first binary networks, as baselines: BinaryConnect has weights ±1 and float activations, XNOR-Net weights ±α and activations ±1.
/// </summary>
/// <param name="name">Name in recipes.</param>
/// <param name="options">Options.</param>
public sealed class BinaryNetMethod(string name, BinaryNetOptions options) : ILayerMethod, ITrainingMethod
{
    private const string ConnectName = "binary-connect";
    private const string XnorName = "xnor-net";

    private readonly bool _isXnor = name == XnorName;

    /// <summary>The registration of <c>binary-connect</c>.</summary>
    public static MethodDescriptor BinaryConnect { get; } = MethodDescriptor.Define<BinaryNetOptions>(
        ConnectName,
        "trained: weights ±1, activations left to another step",
        "M. Courbariaux, Y. Bengio, J.-P. David, \"BinaryConnect: Training Deep Neural Networks with binary weights during propagations\", NIPS 2015",
        options => new BinaryNetMethod(ConnectName, options));

    /// <summary>The registration of <c>xnor-net</c>.</summary>
    public static MethodDescriptor XnorNet { get; } = MethodDescriptor.Define<BinaryNetOptions>(
        XnorName,
        "trained: weights ±α with α the mean magnitude of an output channel, activations ±1",
        "M. Rastegari, V. Ordonez, J. Redmon, A. Farhadi, \"XNOR-Net: ImageNet Classification Using Binary Convolutional Neural Networks\", ECCV 2016",
        options => new BinaryNetMethod(XnorName, options));

    /// <inheritdoc/>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public Network Prepare(Network network) => _isXnor ? ReplacedActivations.Remove(network, BinaryLayers.Covers) : network;

    /// <inheritdoc/>
    public ITrainableWeights? Weights(TrainableLayer layer)
        => BinaryLayers.Covers(layer)
            ? new BinaryWeights(layer.Outputs, layer.Depth, new BinaryTraining(name, _isXnor ? BinaryGradient.Exact : BinaryGradient.Scaled, _isXnor, options.Start, options.Deviation))
            : null;

    /// <inheritdoc/>
    public ITrainableActivations? Activations(TrainableLayer layer) => _isXnor && BinaryLayers.Covers(layer) ? new SignActivations(name) : null;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        draft.Fill(LevelWeights.Of(name, draft.Layer, 1));
        if (_isXnor) draft.Fill(new StepActivations(name, isNonNegative: false));
        draft.Fill(new TrainedProduct(name));
    }
}

/// <summary>Which layers the papers on binary networks binarise: none of the ends, no 1×1 shortcut; depthwise layers have too few weights for it.</summary>
internal static class BinaryLayers
{
    /// <summary>Whether a layer is binarised.</summary>
    /// <param name="layer">The layer.</param>
    public static bool Covers(TrainableLayer layer) => !layer.IsEnd && !layer.IsShortcut && layer.Kind != LayerKind.DepthwiseConvolution;
}
