using Subbyte.Networks;

namespace Subbyte.Methods.Training;

/// <summary>
/// A method that changes how a network is trained: its weights and inputs of layers pass through trainable quantizers. It says what to
/// train, never how: the training engine runs it and knows no method.
/// </summary>
public interface ITrainingMethod : IRecipeComponent
{
    /// <summary>The phases of the training, or null where one phase with the recipe's epochs does.</summary>
    ITrainingPlan? Plan => null;

    /// <summary>Rewrites the float network before it is trained, such as taking out a ReLU whose place the method's own activation takes.</summary>
    /// <param name="network">The float network; it is not changed.</param>
    /// <returns>The network to train.</returns>
    Network Prepare(Network network) => network;

    /// <summary>The quantizer of a layer's weights.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The quantizer, or null where the weights stay float.</returns>
    ITrainableWeights? Weights(TrainableLayer layer);

    /// <summary>The quantizer of a layer's input, at the place where the layer reads it.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The quantizer, or null where the input stays float.</returns>
    ITrainableActivations? Activations(TrainableLayer layer);
}
