using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Networks.Passes;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>
/// BatchNormalization in training mode: normalises with the batch's own mean and biased variance and gives the running statistics,
/// running · momentum + batch · (1 − momentum). Sums are double, in the order of memory.
/// </summary>
/// <param name="parameters">Scale, bias, running mean and running variance [channels].</param>
/// <param name="epsilon">ε.</param>
/// <param name="momentum">Weight of the running statistics.</param>
/// <param name="type">Type of the input, channels last.</param>
internal sealed class BatchStatisticsPlan(float[][] parameters, float epsilon, float momentum, TensorType type)
    : NodePlan(type, Channels(parameters), Channels(parameters))
{
    public override long ScratchBytes => (2 * ScratchAllocator.Bytes<double>(parameters[0].Length)) + (2 * ScratchAllocator.Bytes<float>(parameters[0].Length));

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var channels = parameters[0].Length;
        var allocator = new ScratchAllocator(scratch);
        var mean = allocator.Take<double>(channels);
        var variance = allocator.Take<double>(channels);
        var batchMean = allocator.Take<float>(channels);
        var batchVariance = allocator.Take<float>(channels);
        var x = inputs[0]!.AsSpan<float>();
        Moments(x, mean, variance);
        var runningMean = outputs[1].AsSpan<float>();
        var runningVariance = outputs[2].AsSpan<float>();
        for (var c = 0; c < channels; c++)
        {
            (batchMean[c], batchVariance[c]) = ((float)mean[c], (float)variance[c]);
            runningMean[c] = (float)((parameters[2][c] * (double)momentum) + (mean[c] * (1 - (double)momentum)));
            runningVariance[c] = (float)((parameters[3][c] * (double)momentum) + (variance[c] * (1 - (double)momentum)));
        }

        var (scale, shift) = BatchNormFolding.Affine(parameters[0], parameters[1], batchMean, batchVariance, epsilon);
        Elementwise.Affine(x, scale, shift, outputs[0].AsSpan<float>(), float.NegativeInfinity, float.PositiveInfinity);
    }

    private static TensorType Channels(float[][] parameters) => new(ElementType.Float32, [parameters[0].Length]);

    private static void Moments(ReadOnlySpan<float> x, Span<double> mean, Span<double> variance)
    {
        mean.Clear();
        variance.Clear();
        var rows = x.Length / mean.Length;
        for (var start = 0; start < x.Length; start += mean.Length)
        {
            for (var c = 0; c < mean.Length; c++) mean[c] += x[start + c];
        }

        for (var c = 0; c < mean.Length; c++) mean[c] /= rows;
        for (var start = 0; start < x.Length; start += mean.Length)
        {
            for (var c = 0; c < mean.Length; c++)
            {
                var difference = x[start + c] - mean[c];
                variance[c] += difference * difference;
            }
        }

        for (var c = 0; c < mean.Length; c++) variance[c] /= rows;
    }
}
