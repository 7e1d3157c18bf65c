using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Subbyte.Prediction;

namespace Subbyte.Training;

/// <summary>
/// A mask over the map of a ReLU, in place: skipped elements become zero. Nothing is left to do on the way back, because a ReLU takes no gradient where its
/// output is zero.
/// </summary>
/// <param name="name">Name of the ReLU's node.</param>
/// <param name="map">The map.</param>
/// <param name="mask">The mask; it does not train.</param>
internal sealed class MaskOperator(string name, FeatureMap map, IOutputMask mask) : Operator($"{name}.mask", map, map)
{
    /// <inheritdoc/>
    public override bool LooksAtOutput => true;

    /// <inheritdoc/>
    public override int ScratchFloats(int samples) => Input.Length;

    /// <inheritdoc/>
    public override void ClaimGradients()
    {
        // The gradient of the map is that of the ReLU's output.
    }

    /// <inheritdoc/>
    public override void Forward(SampleBlock block)
    {
        var keep = MemoryMarshal.Cast<float, uint>(block.Scratch.Floats[..Input.Length]);
        for (var sample = block.First; sample < block.First + block.Count; sample++)
        {
            var values = Input.Values(sample, 1);
            mask.Decide(values, keep);
            var bits = MemoryMarshal.Cast<float, uint>(values);
            TensorPrimitives.BitwiseAnd(bits, keep, bits);
        }
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        // The ReLU before it does what there is to do.
    }
}
