using System.Text.RegularExpressions;

namespace Subbyte.Methods;

/// <summary>One step of a recipe: a component and, for a layer method or output predictor, the layers that it covers.</summary>
public sealed class RecipeStep
{
    private readonly Regex? _layers;
    private readonly Regex? _except;

    internal RecipeStep(MethodDescriptor method, IRecipeComponent component, string canonical, string? layers, string? except)
    {
        Method = method;
        Component = component;
        Canonical = canonical;
        _layers = Glob(layers);
        _except = Glob(except);
        NamesLayers = layers is not null;
    }

    /// <summary>The method.</summary>
    public MethodDescriptor Method { get; }

    /// <summary>What it made of its options.</summary>
    public IRecipeComponent Component { get; }

    /// <summary>The step with every option written out.</summary>
    public string Canonical { get; }

    /// <summary>Whether the recipe says which layers the step covers.</summary>
    public bool NamesLayers { get; }

    /// <summary>Whether the step covers a layer.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <returns>True when its <c>layers</c> globs match and its <c>except</c> globs do not.</returns>
    public bool Covers(string layer) => _layers?.IsMatch(layer) != false && _except?.IsMatch(layer) != true;

    private static Regex? Glob(string? globs)
        => globs is null
            ? null
            : new Regex("^(?:" + string.Join('|', globs.Split('|').Select(glob => Regex.Escape(glob).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal))) + ")$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
