namespace Subbyte.Prediction;

/// <summary>A feature map after a ReLU, some of whose elements need not be computed when they are known to be zero.</summary>
/// <param name="Layer">Name of the convolution that feeds the map and nothing else: a skipped element saves its products.</param>
/// <param name="Activation">Name of the ReLU's node.</param>
/// <param name="Shape">Sizes of the map.</param>
/// <param name="IsFirst">Whether the convolution is the network's first.</param>
/// <param name="Pool">Side p where only a max pooling of p×p, stride p, reads the map; 1 elsewhere.</param>
public sealed record PredictableMap(string Layer, string Activation, MapShape Shape, bool IsFirst, int Pool);
