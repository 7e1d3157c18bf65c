using Subbyte.Calibration;
using Subbyte.Experiments.Verification;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Onnx.Export;

namespace Subbyte.Experiments;

/// <summary>What a network's file takes as ONNX.</summary>
/// <param name="Float">Bytes in fp32, batch norms folded; null where it cannot be written.</param>
/// <param name="Int8">Bytes in eight bits, QuantizeLinear and DequantizeLinear around its layers; null where it cannot be written.</param>
public sealed record OnnxSizes(long? Float, long? Int8)
{
    private const int Samples = 2;

    /// <summary>Counts the bytes of a network's forms; nothing is written. Ranges are those of noise, since sizes do not depend on them.</summary>
    /// <param name="network">The float network.</param>
    /// <param name="cancellation">Cancels the quantization.</param>
    /// <returns>The sizes.</returns>
    public static OnnxSizes Of(Network network, CancellationToken cancellation)
    {
        var shape = ExecutionPlan.Compile(network).InputType.Dimensions[1..].ToArray();
        var calibrator = new Calibrator(new NormalSamples(shape, Samples, seed: 1), Samples);
        return new OnnxSizes(Count(() => Recipe.Float.Apply(network, null, cancellation)), Count(() => Recipe.Parse("int8").Apply(network, calibrator, cancellation)));
    }

    private static long? Count(Func<LowBitNetwork> apply)
    {
        try
        {
            return LowBitExporter.Export(apply(), canonical: true).Bytes;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }
}
