using Subbyte.Lowering;

namespace Subbyte.Methods.Training;

/// <summary>A trainable quantizer of a layer's weights, [outputs][depth] with k channel-fastest; a pass sees the whole tensor at once.</summary>
public interface ITrainableWeights : ITrainableQuantizer
{
    /// <summary>The weights as they leave: integer codes and the scales of output channels, in one plane or several.</summary>
    /// <param name="values">The latent weights after <see cref="ITrainableQuantizer.BeginStep"/>.</param>
    /// <param name="parameters">The parameters.</param>
    /// <returns>Codes whose real values are those of the forward pass, to float32's rounding.</returns>
    WeightCodes Codes(ReadOnlySpan<float> values, IReadOnlyList<float[]> parameters);
}
