namespace Subbyte.Methods.Settings;

/// <summary>Options of <see cref="BatchNormSetting"/>.</summary>
public sealed record BatchNormOptions
{
    /// <summary>Whether batch norms stay apart.</summary>
    [Option("keep", "whether batch norms stay apart instead of being folded into the layer before them")]
    public bool Keep { get; set; } = true;
}

/// <summary>The recipe step <c>batch-norm:keep=true|false</c>; batch norms are folded unless it stands in the recipe.</summary>
/// <param name="options">Options.</param>
public sealed class BatchNormSetting(BatchNormOptions options) : IRecipeSetting
{
    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<BatchNormOptions>(
        "batch-norm", "keeps batch norms apart from the layers before them", "uniform baselines, section 3.7", options => new BatchNormSetting(options));

    /// <inheritdoc/>
    public RecipeSettings Apply(RecipeSettings settings) => settings with { KeepBatchNorms = options.Keep };
}
