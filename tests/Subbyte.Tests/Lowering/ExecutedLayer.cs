using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Networks.Execution;
using Subbyte.Networks.Operators;
using Subbyte.Tensors;

namespace Subbyte.Tests.Lowering;

/// <summary>A lowered layer on the fast path that networks run on, to be held to its scalar definition.</summary>
internal static class ExecutedLayer
{
    /// <summary>Runs one sample.</summary>
    /// <param name="lowered">The layer.</param>
    /// <param name="geometry">Its geometry.</param>
    /// <param name="map">Float feature map [height][width][channels].</param>
    /// <returns>Outputs [positions][outputs].</returns>
    public static float[] Run(LoweredLayer lowered, ConvolutionGeometry geometry, float[] map)
    {
        var layer = lowered.Layer;
        var product = new ProductLayer(layer.Name, layer.Kind, geometry, layer.Weights.ToArray(), layer.Bias.ToArray(), Batch: 1);
        var plan = ProductPlans.Create(product, lowered, new TensorType(ElementType.Float32, [1, geometry.Positions, geometry.OutChannels]));
        var output = Tensor.Zeros(ElementType.Float32, geometry.Positions, geometry.OutChannels);
        plan.Run([Tensor.Of<float>(map)], [output], new byte[plan.ScratchBytes]);
        return output.AsSpan<float>().ToArray();
    }
}
