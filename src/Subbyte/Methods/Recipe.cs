using System.Text.RegularExpressions;

namespace Subbyte.Methods;

/// <summary>
/// An ordered list of steps, <c>prune:sparsity=0.4 + int8 + output-correction</c>: steps separated by a plus sign between blanks, a step's options
/// by commas. Layer methods and output predictors also take <c>layers=GLOB|GLOB</c> and <c>except=GLOB</c>.
/// </summary>
public sealed partial class Recipe
{
    private Recipe(string text, IReadOnlyList<RecipeStep> steps)
    {
        Text = text;
        Steps = steps;
        Settings = steps.Select(step => step.Component).OfType<IRecipeSetting>().Aggregate(new RecipeSettings(), (settings, step) => step.Apply(settings));
    }

    /// <summary>The recipe that changes nothing: the fp32 network.</summary>
    public static Recipe Float { get; } = new("fp32", []);

    /// <summary>The recipe as given.</summary>
    public string Text { get; }

    /// <summary>The recipe with every option of every step written out.</summary>
    public string Canonical => Steps.Count == 0 ? "fp32" : string.Join(" + ", Steps.Select(step => step.Canonical));

    /// <summary>Its steps.</summary>
    public IReadOnlyList<RecipeStep> Steps { get; }

    /// <summary>How it is applied.</summary>
    public RecipeSettings Settings { get; }

    /// <summary>Whether all products stay in fp32, without a look at data.</summary>
    public bool IsFloat => !Steps.Any(step => step.Component is ILayerMethod or ILoweredPass);

    /// <summary>Reads a recipe with the product's methods.</summary>
    /// <param name="text">The recipe.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="UserErrorException">A method or an option is unknown or out of range.</exception>
    public static Recipe Parse(string text) => Parse(text, MethodRegistry.Default);

    /// <summary>Reads a recipe.</summary>
    /// <param name="text">The recipe.</param>
    /// <param name="registry">The methods that it may name.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="UserErrorException">A method or an option is unknown or out of range.</exception>
    public static Recipe Parse(string text, MethodRegistry registry)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new UserErrorException("a recipe is empty; 'subbyte methods' lists what it may name");
        if (text.Trim() == "fp32") return Float;
        return new Recipe(text.Trim(), [.. StepSeparator().Split(text.Trim()).Select(step => ParseStep(step.Trim(), registry))]);
    }

    /// <summary>Reads several recipes separated by semicolons.</summary>
    /// <param name="text">The recipes.</param>
    /// <param name="registry">The methods that they may name; the product's when null.</param>
    /// <returns>The recipes, in order.</returns>
    public static IReadOnlyList<Recipe> ParseMany(string text, MethodRegistry? registry = null)
        => [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(recipe => Parse(recipe, registry ?? MethodRegistry.Default))];

    /// <summary>The recipe as given.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Text;

    private static RecipeStep ParseStep(string text, MethodRegistry registry)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var method = registry.Find(colon < 0 ? text : text[..colon].Trim());
        string? layers = null;
        string? except = null;
        var options = new List<KeyValuePair<string, string?>>();
        foreach (var part in colon < 0 ? [] : text[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? part : part[..equals].Trim();
            var value = equals < 0 ? null : part[(equals + 1)..].Trim();
            if (method.TakesLayers && key is ("layers" or "except") && string.IsNullOrEmpty(value))
                throw new UserErrorException($"recipe step '{method.Name}': option '{key}' needs globs of layer names, as in {key}=layer1*|fc");
            if (method.TakesLayers && key == "layers") layers = value;
            else if (method.TakesLayers && key == "except") except = value;
            else options.Add(new(key, value));
        }

        var component = method.Create(options, out var canonical);
        if (layers is not null) canonical += (canonical.Contains(':', StringComparison.Ordinal) ? "," : ":") + "layers=" + layers;
        if (except is not null) canonical += (canonical.Contains(':', StringComparison.Ordinal) ? "," : ":") + "except=" + except;
        return new RecipeStep(method, component, canonical, layers, except);
    }

    [GeneratedRegex(@"\s+\+\s+", RegexOptions.NonBacktracking)]
    private static partial Regex StepSeparator();
}
