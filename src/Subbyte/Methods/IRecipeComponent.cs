using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Prediction;

namespace Subbyte.Methods;

/// <summary>What a recipe step makes: a layer method, a pass, or a setting. A class may be several.</summary>
public interface IRecipeComponent;

/// <summary>Fills slots of a layer: weight codes, activation codes, datapath.</summary>
public interface ILayerMethod : IRecipeComponent
{
    /// <summary>
    /// Whether the first and last layers are quantized like the others (8 bits or more, exact) or stay at uniform eight bits
    /// unless the recipe says otherwise.
    /// </summary>
    bool CoversEnds { get; }

    /// <summary>Fills slots of one layer.</summary>
    /// <param name="draft">The layer; slots may already be filled by earlier steps.</param>
    void Fill(LayerDraft draft);
}

/// <summary>Network in, network out, before layers are lowered: pruning, folding.</summary>
public interface INetworkPass : IRecipeComponent
{
    /// <summary>Applies the pass.</summary>
    /// <param name="network">The float network; it is not changed.</param>
    /// <returns>The new network.</returns>
    Network Apply(Network network);
}

/// <summary>Network in, network out, before layers are lowered and after the other passes, with calibration samples: bias absorption.</summary>
public interface ICalibratedPass : IRecipeComponent
{
    /// <summary>Applies the pass.</summary>
    /// <param name="network">The float network; it is not changed.</param>
    /// <param name="calibrator">Calibration samples, or null where none are given.</param>
    /// <returns>The new network.</returns>
    /// <exception cref="UserErrorException">The pass needs samples, and there are none.</exception>
    Network Apply(Network network, Calibration.Calibrator? calibrator);
}

/// <summary>Says which outputs of convolutions may be skipped, as masks over the feature maps that follow. The convolutions themselves may run in fp32 or lowered.</summary>
public interface IOutputPredictor : IRecipeComponent
{
    /// <summary>Makes the mask of one map.</summary>
    /// <param name="map">The map.</param>
    /// <returns>The mask.</returns>
    IOutputMask Predict(PredictableMap map);
}

/// <summary>Corrects lowered layers, with calibration data: output correction, batch-norm recalibration.</summary>
public interface ILoweredPass : IRecipeComponent
{
    /// <summary>Applies the pass.</summary>
    /// <param name="network">The lowered network; it is not changed.</param>
    /// <param name="calibration">Calibration samples and statistics of the float network.</param>
    /// <param name="cancellation">Cancels the pass.</param>
    /// <returns>The new lowered network.</returns>
    LowBitNetwork Apply(LowBitNetwork network, Calibration.CalibrationData calibration, CancellationToken cancellation);
}

/// <summary>Changes how the recipe is applied: what happens to end layers or batch norms.</summary>
public interface IRecipeSetting : IRecipeComponent
{
    /// <summary>Changes the settings.</summary>
    /// <param name="settings">Settings so far.</param>
    /// <returns>New settings.</returns>
    RecipeSettings Apply(RecipeSettings settings);
}
