using Subbyte.Lowering;
using Subbyte.Methods;

namespace Subbyte.Experiments.Search;

/// <summary>Layers under candidates, each lowered once as long as memory allows: some methods take seconds for a layer.</summary>
/// <param name="candidates">The candidates.</param>
/// <param name="layers">The layers of the prepared network.</param>
internal sealed class LoweredLayers(IReadOnlyList<Candidate> candidates, IReadOnlyList<DotProductLayer> layers)
{
    // A lowered weight takes some ten bytes.
    private const long MostWeights = 48_000_000;

    private readonly Recipe[] _everywhere = [.. candidates.Select(candidate => Recipe.Parse(candidate.For("*")))];
    private readonly Dictionary<(int Candidate, int Layer), LoweredLayer> _known = [];
    private readonly LinkedList<(int Candidate, int Layer)> _byUse = [];
    private readonly Dictionary<(int Candidate, int Layer), string> _misfits = [];
    private long _weights;

    /// <summary>A layer under a candidate.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="layer">The layer.</param>
    /// <returns>The lowered layer.</returns>
    /// <exception cref="UserErrorException">The candidate does not fit the layer.</exception>
    public LoweredLayer Get(int candidate, int layer)
    {
        var key = (candidate, layer);
        if (_misfits.TryGetValue(key, out var reason)) throw new UserErrorException(reason);
        if (_known.TryGetValue(key, out var known))
        {
            _byUse.Remove(key);
            _byUse.AddLast(key);
            return known;
        }

        try
        {
            var draft = new LayerDraft(layers[layer]) { LoweredPatches = (_, _) => throw new UserErrorException($"'{candidates[candidate].Recipe.Text}' fits a layer to what the lowered layers before it give, and a search lowers layers one by one; choose another of its options ('subbyte methods' lists them)") };
            return Keep(key, _everywhere[candidate].Lower(draft)!);
        }
        catch (UserErrorException misfit)
        {
            _misfits[key] = misfit.Message;
            throw;
        }
    }

    private LoweredLayer Keep((int Candidate, int Layer) key, LoweredLayer lowered)
    {
        _known[key] = lowered;
        _byUse.AddLast(key);
        _weights += layers[key.Layer].Weights.Length;
        while (_weights > MostWeights && _byUse.First!.Value != key)
        {
            var oldest = _byUse.First.Value;
            _byUse.RemoveFirst();
            _known.Remove(oldest);
            _weights -= layers[oldest.Layer].Weights.Length;
        }

        return lowered;
    }
}
