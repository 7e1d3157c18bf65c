using Subbyte.Data;
using Subbyte.Methods;
using Subbyte.Methods.Training;
using Subbyte.Training;

namespace Subbyte.Experiments.TrainingRuns;

/// <summary>
/// What to train and how, told by a small YAML file: a network, data, a chain of methods, an optimizer and a schedule. <c>docs/training.md</c> lists the
/// names. Errors name the file and the line.
/// </summary>
/// <remarks>Paths may use <c>${VARIABLE}</c>; they are expanded when something is opened, relative ones from the file's folder.</remarks>
public sealed record TrainingRecipe
{
    /// <summary>The name: that of the file without folder and ending.</summary>
    public required string Name { get; init; }

    /// <summary>The text of the file.</summary>
    public required string Text { get; init; }

    /// <summary>The folder that relative paths start from; null for a built-in recipe.</summary>
    public string? BaseFolder { get; init; }

    /// <summary>One line for people; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>An ONNX file to go on from, not expanded, or the name of a built-in network.</summary>
    public required string Network { get; init; }

    /// <summary>Sizes of a built-in network.</summary>
    public BuiltInNetworkOptions Sizes { get; init; } = new();

    /// <summary>Units of each layer of a built-in language model.</summary>
    public int Units { get; init; } = 200;

    /// <summary>Layers of a built-in language model.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Whether a built-in language model decodes by its embedding.</summary>
    public bool IsTied { get; init; }

    /// <summary>Words of a sample of a text: as far back as gradients go.</summary>
    public int Steps { get; init; } = 35;

    /// <summary>The text of the preprocessing, or null when the network's file tells.</summary>
    public string? Preprocess { get; init; }

    /// <summary>The data to train on.</summary>
    public required string Train { get; init; }

    /// <summary>The data that choose the best epoch, or null: then the last one counts.</summary>
    public string? Validate { get; init; }

    /// <summary>The data of the final metric; they choose nothing.</summary>
    public required string Test { get; init; }

    /// <summary>The chain of methods as given; <c>fp32</c> for none.</summary>
    public string Method { get; init; } = "fp32";

    /// <summary>A teacher for distillation: an ONNX file, not expanded, or null.</summary>
    public string? Teacher { get; init; }

    /// <summary>Temperature of the distillation.</summary>
    public float Temperature { get; init; } = 4;

    /// <summary>Weight of the teacher beside the labels, 0 to 1.</summary>
    public float DistillationWeight { get; init; } = 0.5f;

    /// <summary>How it is trained; data, methods and threads are filled in when the run begins.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>Whether <see cref="Network"/> is a file.</summary>
    public bool NetworkIsFile => Network != LanguageModels.Lstm && !BuiltInNetworks.Names.Contains(Network, StringComparer.Ordinal);

    /// <summary>The path of the network's file.</summary>
    public string NetworkPath => PathExpansion.Expand(Network, BaseFolder);

    /// <summary>The methods of the chain.</summary>
    /// <returns>What they do to the training.</returns>
    /// <exception cref="UserErrorException">A step of the chain is no training method.</exception>
    public TrainingMethods Methods()
    {
        var chain = Recipe.Parse(Method);
        foreach (var step in chain.Steps)
        {
            if (step.Component is not (ITrainingMethod or IWeightRegularizer))
                throw new UserErrorException($"'{step.Canonical}' does not change a training; leave it out here, and apply it to the trained network with 'subbyte compare' or 'quantize'");
        }

        return new TrainingMethods(chain.Steps.Select(step => step.Component));
    }

    /// <summary>Finds a recipe.</summary>
    /// <param name="nameOrFile">The name of a built-in one, or a YAML file (with a folder or the ending <c>.yaml</c>).</param>
    /// <returns>The recipe; its network and data are not looked at yet.</returns>
    /// <exception cref="UserErrorException">There is none, or it is malformed.</exception>
    public static TrainingRecipe Find(string nameOrFile) => RecipeFiles.Find(nameOrFile);
}
