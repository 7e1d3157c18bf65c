using System.Runtime.InteropServices;
using Subbyte.Prediction;
using Subbyte.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Subbyte.Networks.Execution;

/// <summary>
/// Sets the skipped elements of a feature map to zero. All are computed before: those that are kept do not depend on the others, so the result is
/// that of a machine that never computes them.
/// </summary>
/// <param name="prediction">The mask and its layer.</param>
/// <param name="map">Type of input and output, channels last.</param>
internal sealed class PredictionPlan(OutputPrediction prediction, TensorType map) : NodePlan(map)
{
    /// <summary>The layer whose products are saved.</summary>
    public string LayerName => prediction.Layer;

    /// <summary>The mask.</summary>
    public IOutputMask Mask => prediction.Mask;

    public override long ScratchBytes => ScratchAllocator.Bytes<uint>(Mask.Shape.Length);

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var x = inputs[0]!.AsSpan<float>();
        var y = outputs[0].AsSpan<float>();
        var length = Mask.Shape.Length;
        var keep = new ScratchAllocator(scratch).Take<uint>(length);
        for (var first = 0; first < x.Length; first += length)
        {
            Mask.Decide(x.Slice(first, length), keep);
            TensorPrimitives.BitwiseAnd(MemoryMarshal.Cast<float, uint>(x.Slice(first, length)), keep, MemoryMarshal.Cast<float, uint>(y.Slice(first, length)));
        }
    }
}
