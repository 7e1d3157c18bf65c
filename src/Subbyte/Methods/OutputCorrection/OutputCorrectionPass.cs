using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Networks;

namespace Subbyte.Methods.OutputCorrection;

/// <summary>
/// Matches each output channel's mean and deviation to the float layer's (uniform baselines, section 3.10): rounding weights shrinks filters
/// and moves means, and with the batch norm folded nothing repairs that at run time. The factor goes into the weight scale, the shift into
/// the bias. Statistics are those of the float network's inputs.
/// </summary>
/// <param name="options">Options.</param>
public sealed class OutputCorrectionPass(OutputCorrectionOptions options) : ILoweredPass
{
    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<OutputCorrectionOptions>(
        "output-correction",
        "matches each quantized channel's output statistics to the float layer's",
        "uniform baselines, section 3.10",
        options => new OutputCorrectionPass(options));

    /// <inheritdoc/>
    public LowBitNetwork Apply(LowBitNetwork network, CalibrationData calibration, CancellationToken cancellation)
    {
        var corrected = new Dictionary<string, LoweredLayer>(StringComparer.Ordinal);
        foreach (var (name, layer) in network.Layers)
        {
            cancellation.ThrowIfCancellationRequested();
            corrected[name] = Correct(layer, options.Mode);
        }

        return network.With(corrected);
    }

    /// <summary>Corrects one layer.</summary>
    /// <param name="lowered">The layer.</param>
    /// <param name="mode">Which statistics are matched.</param>
    /// <returns>The corrected layer.</returns>
    public static LoweredLayer Correct(LoweredLayer lowered, CorrectionMode mode)
    {
        var layer = lowered.Layer;
        var factors = new double[layer.Outputs];
        var shifts = new double[layer.Outputs];
        for (var m = 0; m < layer.Outputs; m++)
        {
            var moments = layer.Input.Moments((int)((long)m * layer.Groups / layer.Outputs));
            var quantized = lowered.FloatWeights.AsSpan(m * layer.Depth, layer.Depth);
            (factors[m], shifts[m]) = OutputStatistics.Of(layer.Row(m), quantized, moments).Correction(mode);
        }

        return lowered.Corrected(factors, shifts);
    }
}
