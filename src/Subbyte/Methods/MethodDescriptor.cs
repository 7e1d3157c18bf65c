namespace Subbyte.Methods;

/// <summary>A method as the registry knows it: name, source, options, and how to make it from them.</summary>
public sealed class MethodDescriptor
{
    private readonly Func<object> _defaults;
    private readonly Func<object, IRecipeComponent> _create;

    private MethodDescriptor(string name, string summary, string source, Func<object> defaults, Func<object, IRecipeComponent> create)
    {
        Name = name;
        Summary = summary;
        Source = source;
        _defaults = defaults;
        _create = create;
        Options = MethodOption.Of(defaults());
        Capability = create(defaults());
    }

    /// <summary>Name in a recipe: lower case letters, digits and dashes.</summary>
    public string Name { get; }

    /// <summary>What it does, one line.</summary>
    public string Summary { get; }

    /// <summary>The paper or source.</summary>
    public string Source { get; }

    /// <summary>Its options.</summary>
    public IReadOnlyList<MethodOption> Options { get; }

    /// <summary>The method with default options: it shows what it is capable of.</summary>
    public IRecipeComponent Capability { get; }

    /// <summary>Whether a step of it also takes <c>layers=</c> and <c>except=</c>.</summary>
    public bool TakesLayers => Capability is ILayerMethod or IOutputPredictor;

    /// <summary>Recipes that a comparison of every method runs for this one; a layer method's name alone when empty.</summary>
    public IReadOnlyList<string> Showcase { get; init; } = [];

    /// <summary>Describes a method.</summary>
    /// <typeparam name="TOptions">Its options: a record with <see cref="OptionAttribute"/> properties that can be set.</typeparam>
    /// <param name="name">Name in a recipe.</param>
    /// <param name="summary">What it does, one line.</param>
    /// <param name="source">The paper or source.</param>
    /// <param name="create">Makes the method; it may refuse a combination of options with a <see cref="UserErrorException"/>.</param>
    /// <param name="showcase">Recipes that stand for it in a comparison of every method.</param>
    /// <returns>The descriptor.</returns>
    public static MethodDescriptor Define<TOptions>(string name, string summary, string source, Func<TOptions, IRecipeComponent> create, params string[] showcase)
        where TOptions : class, new()
        => new(name, summary, source, () => new TOptions(), options => create((TOptions)options)) { Showcase = showcase };

    /// <summary>Makes the step's component from option texts.</summary>
    /// <param name="values">Option names and texts.</param>
    /// <param name="canonical">The step with every option written out.</param>
    /// <returns>The component.</returns>
    /// <exception cref="UserErrorException">An option is unknown or out of range.</exception>
    public IRecipeComponent Create(IReadOnlyList<KeyValuePair<string, string?>> values, out string canonical)
    {
        var options = _defaults();
        foreach (var (key, text) in values)
        {
            var option = Options.FirstOrDefault(candidate => candidate.Name == key)
                ?? throw new UserErrorException($"recipe step '{Name}' has no option '{key}'; it has {(Options.Count == 0 ? "none" : string.Join(", ", Options.Select(candidate => candidate.Name)))}");
            if (text is null && !option.IsFlag) throw new UserErrorException($"recipe step '{Name}': option '{key}' needs a value ({option.Allowed}), as in {Name}:{key}={option.Default}");
            option.Set(options, text ?? "true", $"recipe step '{Name}'");
        }

        canonical = Options.Count == 0 ? Name : $"{Name}:{string.Join(',', Options.Select(option => $"{option.Name}={option.Format(options)}"))}";
        return _create(options);
    }
}
