using Subbyte.Methods.Training;

namespace Subbyte.Training;

/// <summary>A layer after training: its latent weights and the quantizers that methods put on them and on its input, with their parameters.</summary>
public sealed record TrainedLayer
{
    /// <summary>What methods see of the layer.</summary>
    public required TrainableLayer Layer { get; init; }

    /// <summary>The latent weights [output][k], k channel-fastest.</summary>
    public required float[] Weights { get; init; }

    /// <summary>The quantizer of the weights, or null.</summary>
    public required ITrainableWeights? WeightQuantizer { get; init; }

    /// <summary>Its parameters, as it takes them.</summary>
    public required float[][] WeightParameters { get; init; }

    /// <summary>The quantizer of the input, or null.</summary>
    public required ITrainableActivations? InputQuantizer { get; init; }

    /// <summary>Its parameters, as it takes them.</summary>
    public required float[][] InputParameters { get; init; }
}
