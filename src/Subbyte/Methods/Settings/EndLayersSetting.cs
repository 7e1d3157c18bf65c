namespace Subbyte.Methods.Settings;

/// <summary>Options of <see cref="EndLayersSetting"/>.</summary>
public sealed record EndLayersOptions
{
    /// <summary>What happens to the first and last layer.</summary>
    [Option("keep", "what the first and the last layer are: as the method says, uniform int8, fp32, or like all others")]
    public EndLayers Keep { get; set; } = EndLayers.Method;
}

/// <summary>The recipe step <c>ends:keep=int8|float|same|method</c>.</summary>
/// <param name="options">Options.</param>
public sealed class EndLayersSetting(EndLayersOptions options) : IRecipeSetting
{
    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<EndLayersOptions>(
        "ends", "says what happens to the first and the last dot-product layer", "uniform baselines, section 3.8", options => new EndLayersSetting(options));

    /// <inheritdoc/>
    public RecipeSettings Apply(RecipeSettings settings) => settings with { Ends = options.Keep };
}
