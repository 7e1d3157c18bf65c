using Subbyte.Methods;
using Subbyte.Methods.Training;

namespace Subbyte.Experiments.Search;

/// <summary>The candidates of a search that names none.</summary>
public static class CandidateLists
{
    // Widths between the examples that the methods show of themselves.
    private const string Ladder = "int8; uniform:w=6,a=8; uniform:w=5,a=8; int4; uniform:w=3,a=8; uniform:w=5,a=5; uniform:w=4,a=4; tr:budget=16; tr:budget=12";

    // The first solve for the weights of every layer, which takes longer than a search of all others; the last are machines that a whole network
    // runs on, with exact products. --methods may name them all the same.
    private static readonly HashSet<string> LeftOut = new(["bit-split", "gptq", "adaround", "dadiannao", "bit-pragmatic", "laconic"], StringComparer.Ordinal);

    /// <summary>The examples of the registered layer methods that need no long fitting, and uniform widths between them.</summary>
    public static IReadOnlyList<Recipe> Default { get; } =
    [
        .. Recipe.ParseMany(Ladder)
            .Concat(MethodRegistry.Default.Methods.Where(method => method.Capability is ILayerMethod && (method.Showcase.Count > 0 || method.Capability is not ITrainingMethod) && !LeftOut.Contains(method.Name)).SelectMany(method => method.Showcase.Count > 0 ? method.Showcase : [method.Name]).Select(Recipe.Parse))
            .Where(Candidate.CanBe)
            .DistinctBy(recipe => recipe.Canonical, StringComparer.Ordinal),
    ];
}
