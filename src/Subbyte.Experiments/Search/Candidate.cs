using System.Text.RegularExpressions;
using Subbyte.Methods;

namespace Subbyte.Experiments.Search;

/// <summary>What a layer may be made: a recipe of layer methods.</summary>
internal sealed partial class Candidate
{
    private readonly string[] _steps;

    /// <summary>A candidate.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="UserErrorException">A step is no layer method, or names its layers.</exception>
    public Candidate(Recipe recipe)
    {
        if (recipe.Steps.FirstOrDefault(step => step.Component is not ILayerMethod) is { } other)
            throw new UserErrorException($"'{recipe.Text}' cannot be chosen layer by layer: '{other.Method.Name}' concerns the whole network; give it with --with");
        if (recipe.Steps.FirstOrDefault(step => step.Canonical.Contains("layers=", StringComparison.Ordinal) || step.Canonical.Contains("except=", StringComparison.Ordinal)) is { } named)
            throw new UserErrorException($"'{named.Canonical}' names layers, which a search does itself; leave out layers= and except=");
        Recipe = recipe;
        _steps = StepSeparator().Split(recipe.Text);
    }

    /// <summary>The recipe.</summary>
    public Recipe Recipe { get; }

    /// <summary>Whether a recipe can be chosen layer by layer.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <returns>True when all of its steps are layer methods that name no layers.</returns>
    public static bool CanBe(Recipe recipe) => recipe.Steps.Count > 0 && recipe.Steps.All(step => step.Component is ILayerMethod && !step.NamesLayers);

    /// <summary>The recipe's text for some layers.</summary>
    /// <param name="layers">Value of <c>layers=</c>.</param>
    /// <param name="except">Value of <c>except=</c>, or null.</param>
    /// <returns>The text.</returns>
    public string For(string layers, string? except = null)
        => string.Join(" + ", _steps.Select(step => $"{step}{(step.Contains(':', StringComparison.Ordinal) ? "," : ":")}layers={layers}{(except is null ? "" : ",except=" + except)}"));

    [GeneratedRegex(@"\s+\+\s+", RegexOptions.NonBacktracking)]
    private static partial Regex StepSeparator();
}
