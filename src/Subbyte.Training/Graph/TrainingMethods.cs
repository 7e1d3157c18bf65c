using Subbyte.Methods;
using Subbyte.Methods.Training;
using Subbyte.Networks;
using Subbyte.Prediction;

namespace Subbyte.Training;

/// <summary>What the methods of a recipe do to a training: quantizers of layers, penalties, a plan. Immutable.</summary>
public sealed class TrainingMethods
{
    private readonly IReadOnlyList<ITrainingMethod> _methods;
    private readonly IMaskedTraining? _masked;

    /// <summary>Takes the training methods of a recipe.</summary>
    /// <param name="components">The recipe's components, in order.</param>
    /// <exception cref="UserErrorException">Two of them bring a plan.</exception>
    public TrainingMethods(IEnumerable<IRecipeComponent> components)
    {
        IRecipeComponent[] all = [.. components];
        _methods = [.. all.OfType<ITrainingMethod>()];
        Regularizers = [.. all.OfType<IWeightRegularizer>()];
        var plans = _methods.Select(method => method.Plan).OfType<ITrainingPlan>().ToArray();
        if (plans.Length > 1) throw new UserErrorException("two methods of the recipe bring a training plan; leave one of them out");
        Plan = plans.FirstOrDefault();
        var masked = _methods.OfType<IMaskedTraining>().ToArray();
        if (masked.Length > 1) throw new UserErrorException("two methods of the recipe put masks over feature maps; leave one of them out");
        _masked = masked.FirstOrDefault();
    }

    /// <summary>No methods: training in fp32.</summary>
    public static TrainingMethods None { get; } = new([]);

    /// <summary>Penalties on weights.</summary>
    public IReadOnlyList<IWeightRegularizer> Regularizers { get; }

    /// <summary>The plan of the phases, or null for a single one.</summary>
    public ITrainingPlan? Plan { get; }

    /// <summary>Whether nothing changes.</summary>
    public bool IsEmpty => _methods.Count == 0 && Regularizers.Count == 0;

    /// <summary>The recipe under which the trained network is judged: that of the masks it was trained with, or <c>fp32</c>.</summary>
    public string Applied => _masked?.Applied ?? "fp32";

    /// <summary>The masks under which a network is trained.</summary>
    /// <param name="network">The network that training starts from.</param>
    /// <param name="samples">The training samples.</param>
    /// <param name="threads">Threads.</param>
    /// <returns>Masks by the name of the ReLU that makes the map, or null where no method has any.</returns>
    internal IReadOnlyDictionary<string, OutputPrediction>? Masks(Network network, ISampleSource samples, int threads) => _masked?.Masks(network, samples, threads);

    /// <summary>Puts the masks into the trained network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="masks">The masks.</param>
    /// <returns>The network with them.</returns>
    internal Network Keep(Network network, IReadOnlyDictionary<string, OutputPrediction> masks) => _masked is not null && masks.Count > 0 ? _masked.Keep(network, masks) : network;

    /// <summary>Rewrites a network before it is trained.</summary>
    /// <param name="network">The network.</param>
    /// <returns>The network to train.</returns>
    public Network Prepare(Network network) => _methods.Aggregate(network, (prepared, method) => method.Prepare(prepared));

    /// <summary>The quantizer of a layer's weights.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The quantizer, or null.</returns>
    /// <exception cref="UserErrorException">Two methods claim them.</exception>
    internal ITrainableWeights? Weights(TrainableLayer layer) => Only([.. _methods.Select(method => method.Weights(layer)).OfType<ITrainableWeights>()], layer, "weights");

    /// <summary>The quantizer of a layer's input.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The quantizer, or null.</returns>
    /// <exception cref="UserErrorException">Two methods claim it.</exception>
    internal ITrainableActivations? Activations(TrainableLayer layer) => Only([.. _methods.Select(method => method.Activations(layer)).OfType<ITrainableActivations>()], layer, "input");

    private static T? Only<T>(T[] quantizers, TrainableLayer layer, string what) where T : class, ITrainableQuantizer
        => quantizers.Length <= 1 ? quantizers.FirstOrDefault()
            : throw new UserErrorException($"{quantizers[0].Name} and {quantizers[1].Name} both quantize the {what} of {layer.Name}; leave one of them out");
}
