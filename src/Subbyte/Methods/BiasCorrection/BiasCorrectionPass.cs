using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Networks;

namespace Subbyte.Methods.BiasCorrection;

/// <summary>
/// Empirical bias correction: layer by layer, each output channel's mean in the quantized network, whose earlier layers are corrected already, is brought
/// to its mean in the float network by the bias (Nagel, van Baalen, Blankevoort, Welling, ICCV 2019, section 4.2 and appendix D).
/// </summary>
/// <param name="options">Options.</param>
public sealed class BiasCorrectionPass(BiasCorrectionOptions options) : ILoweredPass
{
    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<BiasCorrectionOptions>(
        "bias-correction",
        "brings the mean of each quantized channel to the float network's, layer after layer",
        "Nagel, van Baalen, Blankevoort, Welling: Data-Free Quantization Through Weight Equalization and Bias Correction, ICCV 2019",
        options => new BiasCorrectionPass(options));

    /// <inheritdoc/>
    public LowBitNetwork Apply(LowBitNetwork network, CalibrationData calibration, CancellationToken cancellation)
    {
        var samples = Math.Min(options.Samples, calibration.Count);
        var exact = OutputMeans.Of(new LowBitNetwork(network.Network, new Dictionary<string, LoweredLayer>(StringComparer.Ordinal)), calibration, samples, null, cancellation);
        foreach (var name in calibration.Layers.Select(layer => layer.Name).Where(name => network.Layers.ContainsKey(name) && exact.ContainsKey(name)))
        {
            var means = OutputMeans.Of(network, calibration, samples, name, cancellation)[name];
            var corrected = Shifted(network.Layers[name], [.. exact[name].Zip(means, (wanted, found) => wanted - found)]);
            network = network.With(new Dictionary<string, LoweredLayer>(network.Layers, StringComparer.Ordinal) { [name] = corrected });
        }

        return network;
    }

    /// <summary>A layer with its bias, whatever form and corrections it has, shifted.</summary>
    /// <param name="lowered">The layer.</param>
    /// <param name="shifts">What is added to each output channel.</param>
    /// <returns>The shifted layer.</returns>
    public static LoweredLayer Shifted(LoweredLayer lowered, ReadOnlySpan<double> shifts)
    {
        var total = new double[shifts.Length];
        for (var m = 0; m < total.Length; m++)
        {
            var bias = lowered.Bias[m] + (lowered.IntegerBias is { } codes ? codes[m] * (double)lowered.Groups[0].Scales[m] : 0);
            total[m] = bias - lowered.Layer.Bias.Span[m] + shifts[m];
        }

        return lowered.Corrected(Enumerable.Repeat(1.0, total.Length).ToArray(), total);
    }
}
