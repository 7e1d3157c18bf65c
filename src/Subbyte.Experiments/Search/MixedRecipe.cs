using Subbyte.Methods;

namespace Subbyte.Experiments.Search;

/// <summary>Writes a choice for each layer as one recipe.</summary>
/// <param name="candidates">What a layer may be made.</param>
/// <param name="layers">Names of the layers.</param>
/// <param name="with">Passes and settings that follow.</param>
internal sealed class MixedRecipe(IReadOnlyList<Candidate> candidates, IReadOnlyList<string> layers, Recipe with)
{
    /// <summary>The choice that leaves a layer in fp32.</summary>
    public const int Float = -1;

    private readonly string[] _globs = [.. layers.Select(Glob)];

    /// <summary>The recipe of a choice.</summary>
    /// <param name="choice">Candidate of each layer, or <see cref="Float"/>.</param>
    /// <returns>The recipe.</returns>
    public Recipe Of(IReadOnlyList<int> choice)
    {
        var parts = choice.Distinct().Where(candidate => candidate != Float).Order().Select(candidate => Part(choice, candidate)).ToList();
        if (with.Steps.Count > 0) parts.Add(with.Text);
        return parts.Count == 0 ? Recipe.Float : Recipe.Parse(string.Join(" + ", parts));
    }

    /// <summary>A choice in words: 12× int8, 7× int4, 1× fp32.</summary>
    /// <param name="choice">Candidate of each layer.</param>
    /// <returns>The words.</returns>
    public string Summary(IReadOnlyList<int> choice)
        => string.Join(", ", choice.CountBy(candidate => candidate).OrderByDescending(group => group.Value).ThenBy(group => group.Key).Select(group => $"{group.Value}× {(group.Key == Float ? "fp32" : candidates[group.Key].Recipe.Text)}"))
            + (with.Steps.Count > 0 ? " + " + with.Text : "");

    private string Part(IReadOnlyList<int> choice, int candidate)
    {
        string Names(bool chosen) => string.Join('|', _globs.Where((_, layer) => choice[layer] == candidate == chosen));
        var count = choice.Count(other => other == candidate);
        return 2 * count <= choice.Count ? candidates[candidate].For(Names(chosen: true)) : candidates[candidate].For("*", count == choice.Count ? null : Names(chosen: false));
    }

    /// <summary>A glob for one layer: what a recipe would read as punctuation becomes "any character".</summary>
    private static string Glob(string name) => string.Concat(name.Select(letter => letter is ',' or '|' or ';' || char.IsWhiteSpace(letter) ? '?' : letter));
}
