using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Networks;

namespace Subbyte.Experiments.Search;

/// <summary>The networks that a search chooses among: every layer under every candidate, put together from layers that are lowered once.</summary>
internal sealed class SearchSpace
{
    private readonly Recipe _with;
    private readonly Network _network;
    private readonly CalibrationData _data;
    private readonly LoweredLayers _lowered;
    private readonly MixedRecipe _recipes;

    /// <summary>The space.</summary>
    /// <param name="task">Network and calibration data.</param>
    /// <param name="options">Candidates, and what every recipe gets.</param>
    /// <exception cref="UserErrorException">A candidate cannot be chosen layer by layer, or there is none.</exception>
    public SearchSpace(EvaluationTask task, SearchOptions options)
    {
        if (options.Candidates.Count == 0) throw new UserErrorException("a search needs candidates; name some with --methods");
        if (options.With.Steps.FirstOrDefault(step => step.Component is ILayerMethod) is { } method) throw new UserErrorException($"--with takes passes and settings; '{method.Method.Name}' is a layer method: give it with --methods");
        _with = options.With;
        Candidates = [.. options.Candidates.Select(recipe => new Candidate(recipe))];
        var calibrator = new Calibrator(task.CalibrationSamples!, task.CalibrationCount, options.Threads);
        _network = _with.Prepare(task.Network, calibrator);
        _data = calibrator.For(_network);
        _lowered = new LoweredLayers(Candidates, Layers);
        _recipes = new MixedRecipe(Candidates, [.. Layers.Select(layer => layer.Name)], _with);
    }

    /// <summary>The candidates.</summary>
    public IReadOnlyList<Candidate> Candidates { get; }

    /// <summary>The layers.</summary>
    public IReadOnlyList<DotProductLayer> Layers => _data.Layers;

    /// <summary>A choice as a recipe.</summary>
    /// <param name="choice">Candidate of each layer.</param>
    /// <returns>The recipe.</returns>
    public Recipe Recipe(IReadOnlyList<int> choice) => _recipes.Of(choice);

    /// <summary>A choice in words.</summary>
    /// <param name="choice">Candidate of each layer.</param>
    /// <returns>The words.</returns>
    public string Summary(IReadOnlyList<int> choice) => _recipes.Summary(choice);

    /// <summary>A candidate in every layer, the ends included.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <returns>The recipe.</returns>
    public Recipe InEveryLayer(int candidate) => _recipes.Of([.. Layers.Select(_ => candidate)]);

    /// <summary>A candidate in every layer that it fits, without the passes that correct lowered layers.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>The network, and why other layers stay fp32.</returns>
    public (LowBitNetwork Network, IReadOnlyDictionary<string, string> Misfits) Fit(int candidate, CancellationToken cancellation)
    {
        var misfits = new Dictionary<string, string>(StringComparer.Ordinal);
        var choice = new int[Layers.Count];
        for (var layer = 0; layer < choice.Length; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            choice[layer] = candidate;
            try
            {
                _lowered.Get(candidate, layer);
            }
            catch (UserErrorException misfit)
            {
                misfits[Layers[layer].Name] = misfit.Message;
                choice[layer] = MixedRecipe.Float;
            }
        }

        return (Network(choice, hasPasses: false, cancellation), misfits);
    }

    /// <summary>The network of a choice: what its recipe makes.</summary>
    /// <param name="choice">Candidate of each layer.</param>
    /// <param name="hasPasses">Whether the passes that correct lowered layers are run.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>The network.</returns>
    public LowBitNetwork Network(IReadOnlyList<int> choice, bool hasPasses, CancellationToken cancellation)
        => Assemble(layer => choice[layer] == MixedRecipe.Float ? null : _lowered.Get(choice[layer], layer), hasPasses, cancellation);

    /// <summary>A candidate on the whole network, as a user would give it: the ends follow its own rule.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <returns>The recipe.</returns>
    public Recipe Everywhere(int candidate)
    {
        var recipe = Candidates[candidate].Recipe;
        return _with.Steps.Count == 0 ? recipe : Methods.Recipe.Parse($"{recipe.Text} + {_with.Text}");
    }

    /// <summary>The network of <see cref="Everywhere"/>.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>The network.</returns>
    /// <exception cref="UserErrorException">The candidate does not fit a layer.</exception>
    public LowBitNetwork NetworkEverywhere(int candidate, CancellationToken cancellation)
        => Assemble(layer => Layers[layer].IsEnd ? Everywhere(candidate).Lower(Layers[layer]) : _lowered.Get(candidate, layer), hasPasses: true, cancellation);

    private LowBitNetwork Assemble(Func<int, LoweredLayer?> layers, bool hasPasses, CancellationToken cancellation)
    {
        var lowered = new Dictionary<string, LoweredLayer>(StringComparer.Ordinal);
        for (var layer = 0; layer < Layers.Count; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (layers(layer) is { } known) lowered[Layers[layer].Name] = known;
        }

        return hasPasses ? _with.Finish(_network, lowered, _data, cancellation) : new LowBitNetwork(_network, lowered);
    }
}
