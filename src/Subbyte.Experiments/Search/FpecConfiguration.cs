using System.Globalization;
using Subbyte.Methods;
using Subbyte.Methods.Fpec;

namespace Subbyte.Experiments.Search;

/// <summary>The formats that the design-time search of compensated networks chooses among.</summary>
/// <param name="Bits">n: computation bits of the ordinary layers.</param>
/// <param name="Mode">Use of the compensation bits.</param>
/// <param name="MagnitudeShift">EMB.</param>
/// <param name="Threshold">τ of mode DZ as a share of half a step; below 0 the mode's own.</param>
internal sealed record FpecConfiguration(int Bits, CompensationMode Mode, int MagnitudeShift, double Threshold = -1)
{
    /// <summary>Layers that have fewer bits: those taken from weights and from activations.</summary>
    public IReadOnlyDictionary<string, (int Weights, int Activations)> Less { get; init; } = new Dictionary<string, (int, int)>(StringComparer.Ordinal);

    /// <summary>The recipe.</summary>
    /// <param name="options">Options of <c>fpec</c> that the search leaves alone, comma-separated, or an empty text.</param>
    /// <param name="layers">Names of all layers.</param>
    /// <param name="with">Passes and settings that follow.</param>
    /// <returns>The recipe.</returns>
    /// <remarks>
    /// Words that the emulation could not hold with what compensation adds are plain fixed point: at fourteen bits and more, which the search starts
    /// from, there is next to nothing to compensate.
    /// </remarks>
    public Recipe Recipe(string options, IReadOnlyList<string> layers, Recipe with)
    {
        try
        {
            return Parse(Mode, options, layers, with);
        }
        catch (UserErrorException) when (Mode != CompensationMode.N)
        {
            return Parse(CompensationMode.N, options, layers, with);
        }
    }

    /// <summary>The configuration in words.</summary>
    public string Summary
    {
        get
        {
            var (weights, activations) = (Less.Values.Count(less => less.Weights > 0), Less.Values.Count(less => less.Activations > 0));
            var threshold = Threshold < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", threshold {Threshold}");
            return $"{Bits} bits, {Mode.ToString().ToLowerInvariant()}, emb {MagnitudeShift}{threshold}{(weights + activations == 0 ? "" : $", a bit less in {weights} weights and {activations} activations")}";
        }
    }

    /// <summary>The configuration with a bit less for an operand of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Bits taken from the weights.</param>
    /// <param name="activations">Bits taken from the activations.</param>
    /// <returns>The configuration.</returns>
    public FpecConfiguration Take(string layer, int weights, int activations)
    {
        var less = new Dictionary<string, (int Weights, int Activations)>(Less, StringComparer.Ordinal);
        var (w, a) = less.GetValueOrDefault(layer);
        less[layer] = (w + weights, a + activations);
        return this with { Less = less };
    }

    private Recipe Parse(CompensationMode mode, string options, IReadOnlyList<string> layers, Recipe with)
    {
        var threshold = mode == CompensationMode.Dz && Threshold >= 0 ? string.Create(CultureInfo.InvariantCulture, $",threshold={Threshold}") : "";
        var step = $"{FpecMethod.Name}:bits={Bits},mode={mode.ToString().ToLowerInvariant()},emb={MagnitudeShift}{threshold}{(options.Length == 0 ? "" : "," + options)}";
        var kinds = layers.Select(layer => Less.GetValueOrDefault(layer)).Distinct().ToArray();
        if (kinds is [(0, 0)]) return With(step, with);
        Candidate[] candidates = [.. kinds.Select(less => new Candidate(Methods.Recipe.Parse(step + Own("weights", less.Weights) + Own("activations", less.Activations))))];
        return new MixedRecipe(candidates, layers, with).Of([.. layers.Select(layer => Array.IndexOf(kinds, Less.GetValueOrDefault(layer)))]);
    }

    private string Own(string operand, int less) => less == 0 ? "" : $",{operand}={Bits - less}";

    private static Recipe With(string step, Recipe with) => Methods.Recipe.Parse(with.Steps.Count == 0 ? step : $"{step} + {with.Text}");
}
