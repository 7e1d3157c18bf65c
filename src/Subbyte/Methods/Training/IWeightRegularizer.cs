namespace Subbyte.Methods.Training;

/// <summary>A penalty on weights that is added to the loss. It acts on the float (latent) weights, never on their quantized copies.</summary>
public interface IWeightRegularizer : IRecipeComponent
{
    /// <summary>Whether a layer's weights are penalized.</summary>
    /// <param name="layer">The layer.</param>
    bool Covers(TrainableLayer layer);

    /// <summary>Computes the penalty and its gradient.</summary>
    /// <param name="weights">Weights of each covered layer, in the order of the layers.</param>
    /// <param name="gradients">The penalty's gradient is added to what is there; null where only the penalty is wanted.</param>
    /// <returns>The penalty, its coefficient included.</returns>
    double Penalize(IReadOnlyList<float[]> weights, IReadOnlyList<float[]>? gradients);
}
