using System.Globalization;
using Subbyte.Lowering;
using Subbyte.Methods.Binary;
using Subbyte.Methods.Training;
using Subbyte.Networks;

namespace Subbyte.Methods.MultiLevelBinary;

/// <summary>
/// Multi-level binary networks, the baselines of multi-level ternary: each weight a sum of scaled signs, coded residual by residual (ReBNet), by shifted bases (ABC-Net) or by a learned basis
/// (LQ-Nets). There is no zero.
/// </summary>
public sealed class MultiLevelBinaryMethod : ILayerMethod, ITrainingMethod
{
    private const int MostRecoveredLevels = 4;

    /// <summary>Moves of a learned basis by a tenth each: what is left of its start is 0.9^100.</summary>
    private const int FittingSteps = 100;

    private readonly string _name;
    private readonly MultiLevelBinaryOptions _options;
    private readonly Func<int, IBinaryBasis> _basis;
    private readonly int? _activationLevels;

    private MultiLevelBinaryMethod(string name, MultiLevelBinaryOptions options, Func<int, IBinaryBasis> basis)
    {
        (_name, _options, _basis) = (name, options, basis);
        _activationLevels = options.ActivationLevels == "open" ? null : int.Parse(options.ActivationLevels, CultureInfo.InvariantCulture);
    }

    /// <summary>The registration of <c>residual-binary</c>.</summary>
    public static MethodDescriptor Residual { get; } = MethodDescriptor.Define<MultiLevelBinaryOptions>(
        "residual-binary",
        "weights, and activations, as sums of scaled signs, residual by residual; trained, or fitted",
        "M. Ghasemzadeh, M. Samragh, F. Koushanfar, \"ReBNet: Residual Binarized Neural Network\", FCCM 2018",
        options => new MultiLevelBinaryMethod("residual-binary", options, _ => new ResidualBasis()));

    /// <summary>The registration of <c>abc-net</c>.</summary>
    public static MethodDescriptor AbcNet { get; } = MethodDescriptor.Define<MultiLevelBinaryOptions>(
        "abc-net",
        "weights as sums of scaled signs of the shifted weights; trained, or fitted",
        "X. Lin, C. Zhao, W. Pan, \"Towards Accurate Binary Convolutional Neural Network\", NIPS 2017",
        options => new MultiLevelBinaryMethod("abc-net", options, _ => new ShiftedBasis()));

    /// <summary>The registration of <c>lq-nets</c>.</summary>
    public static MethodDescriptor LqNets { get; } = MethodDescriptor.Define<MultiLevelBinaryOptions>(
        "lq-nets",
        "weights on the levels of a learned binary basis; trained, or fitted",
        "D. Zhang, J. Yang, D. Ye, G. Hua, \"LQ-Nets: Learned Quantization for Highly Accurate and Compact Deep Neural Networks\", ECCV 2018",
        options => new MultiLevelBinaryMethod("lq-nets", options, fanOut => new LearnedBasis(options.WeightLevels, fanOut)));

    /// <inheritdoc/>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public Network Prepare(Network network) => _activationLevels is null ? network : ReplacedActivations.Remove(network, BinaryLayers.Covers);

    /// <inheritdoc/>
    public ITrainableWeights? Weights(TrainableLayer layer)
        => BinaryLayers.Covers(layer) ? new MultiLevelBinaryWeights(_name, layer.Outputs, layer.Depth, _options.WeightLevels, _basis(layer.KernelPositions * layer.Outputs), _options.Deviation) : null;

    /// <inheritdoc/>
    public ITrainableActivations? Activations(TrainableLayer layer) => _activationLevels is { } levels && BinaryLayers.Covers(layer) ? new ResidualSignActivations(_name, levels) : null;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        var layer = draft.Layer;
        draft.Fill(HasFewMagnitudes(layer) && LevelRecovery.Of(layer, MostRecoveredLevels, 1) is { } planes
            ? new WeightCodes(_name, planes, _options.WeightLevels * (((long)layer.Outputs * layer.Depth) + (32L * layer.Outputs)))
            : Fitted(layer));
        draft.Fill(new TrainedProduct(_name));
    }

    /// <summary>Whether no row has more magnitudes than sums of three signs: of rows with more, levels would be looked for in vain, and for long.</summary>
    private static bool HasFewMagnitudes(DotProductLayer layer)
    {
        var magnitudes = new HashSet<float>();
        for (var m = 0; m < layer.Outputs; m++)
        {
            magnitudes.Clear();
            foreach (var weight in layer.Row(m))
            {
                if (magnitudes.Add(Math.Abs(weight)) && magnitudes.Count > MostRecoveredLevels) return false;
            }
        }

        return true;
    }

    /// <summary>The codes of weights that were never trained: the bases as training would begin with them, a learned one moved until it rests.</summary>
    private WeightCodes Fitted(DotProductLayer layer)
    {
        var basis = _basis(layer.KernelHeight * layer.KernelWidth * layer.Outputs);
        var quantizer = new MultiLevelBinaryWeights(_name, layer.Outputs, layer.Depth, _options.WeightLevels, basis, deviation: 0);
        var values = layer.Weights.ToArray();
        float[][] parameters = [.. quantizer.Parameters.Select(parameter => new float[parameter.Length])];
        quantizer.Initialize(values, parameters, new Kernels.SeededRandom(0));
        for (var step = 0; step < FittingSteps && basis.StateLength > 0; step++) quantizer.BeginStep(values, parameters);
        return quantizer.Codes(values, parameters);
    }
}
