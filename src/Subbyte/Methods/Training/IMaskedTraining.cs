using Subbyte.Networks;
using Subbyte.Prediction;

namespace Subbyte.Methods.Training;

/// <summary>
/// A training method that predicts zeros: masks lie over feature maps behind their ReLUs while the network trains. What a mask takes out is zero in
/// the forward pass and takes no gradient; the masks themselves do not train.
/// </summary>
public interface IMaskedTraining : ITrainingMethod
{
    /// <summary>The recipe that puts the masks over the trained network again, from what <see cref="Keep"/> left in it; the training is judged by it.</summary>
    string Applied { get; }

    /// <summary>Makes the masks, before the first step: a function of the network and the samples alone, so that a run which is resumed has the same ones.</summary>
    /// <param name="network">The network that training starts from.</param>
    /// <param name="samples">The training samples; no labels.</param>
    /// <param name="threads">Threads; they change nothing but the time.</param>
    /// <returns>Masks by the name of the ReLU that makes the map.</returns>
    /// <exception cref="UserErrorException">The network has no map that can be predicted.</exception>
    IReadOnlyDictionary<string, OutputPrediction> Masks(Network network, ISampleSource samples, int threads);

    /// <summary>Puts the masks into the trained network's metadata.</summary>
    /// <param name="network">The trained network.</param>
    /// <param name="masks">The masks.</param>
    /// <returns>The same network with more metadata.</returns>
    Network Keep(Network network, IReadOnlyDictionary<string, OutputPrediction> masks);
}
