namespace Subbyte.Prediction;

/// <summary>A mask over a feature map, and the layer whose products it saves.</summary>
/// <param name="Layer">Name of the convolution that feeds the map.</param>
/// <param name="Mask">The mask.</param>
public sealed record OutputPrediction(string Layer, IOutputMask Mask);
