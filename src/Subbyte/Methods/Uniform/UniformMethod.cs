using System.Globalization;
using Subbyte.Calibration;
using Subbyte.Lowering;

namespace Subbyte.Methods.Uniform;

/// <summary>Uniform quantization of weights and activations (uniform baselines, sections 3.1 to 3.4).</summary>
public sealed class UniformMethod : ILayerMethod
{
    private const string Source = "uniform baselines, sections 3.1 to 3.4; B. Jacob et al., CVPR 2018; S. Migacz, GTC 2017";

    private readonly string _name;
    private readonly int _weightBits;
    private readonly int? _activationBits;
    private readonly RangeOptions _options;

    /// <summary>Uniform quantization.</summary>
    /// <param name="name">Name in messages: that of the recipe step.</param>
    /// <param name="weightBits">Bits of a weight, 2 … 16.</param>
    /// <param name="activationBits">Bits of an activation, 2 … 16; null keeps activations float.</param>
    /// <param name="options">How ranges are chosen.</param>
    /// <exception cref="UserErrorException">The entropy rule is asked for more levels than the histogram has bins.</exception>
    public UniformMethod(string name, int weightBits, int? activationBits, RangeOptions options)
    {
        _name = name;
        _weightBits = weightBits;
        _activationBits = activationBits;
        _options = options;
        if (options.GroupLength > 0 && options.Granularity == WeightGranularity.PerTensor)
            throw new UserErrorException($"recipe step '{name}': group={options.Group} asks for several scales an output channel and granularity=per-tensor for one a layer; leave out one of them");
        var weightRule = WeightQuantization.Rule(weightBits, options);
        if (options.WeightGrid == WeightGrid.Full && weightRule is not (ClipRule.MinMax or ClipRule.MeanMax or ClipRule.Percentile))
            throw new UserErrorException($"recipe step '{name}': codes=full goes with ranges of the weights that do not depend on the codes; add w-clip=min-max or w-clip=percentile");
        const int mostBits = 11;
        var weightsByEntropy = weightRule == ClipRule.Kl;
        var activationsByEntropy = options.ActivationClip == ClipRule.Kl || (options.ActivationClip == ClipRule.Default && options.Clip == ClipRule.Kl);
        if ((weightsByEntropy && weightBits > mostBits) || (activationsByEntropy && activationBits > mostBits))
            throw new UserErrorException($"recipe step '{name}': the rule kl needs at most {mostBits} bits, since its histogram has {AbsoluteHistogram.StandardBins} bins; take min-max");
    }

    /// <summary>The registration of <c>int8</c>.</summary>
    public static MethodDescriptor Int8 { get; } = MethodDescriptor.Define<RangeOptions>(
        "int8", "uniform weights and activations of 8 bits", Source, options => new UniformMethod("int8", 8, 8, options));

    /// <summary>The registration of <c>int4</c>.</summary>
    public static MethodDescriptor Int4 { get; } = MethodDescriptor.Define<RangeOptions>(
        "int4", "uniform weights of 4 bits, activations of 8", Source, options => new UniformMethod("int4", 4, 8, options));

    /// <summary>The registration of <c>uniform</c>.</summary>
    public static MethodDescriptor Uniform { get; } = MethodDescriptor.Define<UniformOptions>(
        "uniform",
        "uniform weights and activations of any bits",
        Source,
        options => new UniformMethod("uniform", options.WeightBits, options.ActivationBits == "float" ? null : int.Parse(options.ActivationBits, CultureInfo.InvariantCulture), options),
        "uniform:w=6,a=6",
        "uniform:w=4,a=4 + output-correction",
        "uniform:w=4,group=32");

    /// <inheritdoc/>
    /// <remarks>Eight bits or more cover the first and last layer; fewer leave them at uniform eight bits.</remarks>
    public bool CoversEnds => _weightBits >= 8 && _activationBits is null or >= 8;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        if (_options.Operands != Operands.Activations) draft.Fill(WeightQuantization.Quantize(draft.Layer, _name, _weightBits, _options));
        if (_options.Operands == Operands.Weights) return;
        if (_activationBits is { } bits) draft.Fill(ActivationQuantization.Quantize(draft.Layer.Input, _name, bits, _options));
        else draft.KeepFloatActivations(_name);
    }
}
