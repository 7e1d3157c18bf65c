using Subbyte.Calibration;
using Subbyte.Experiments.Language;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Onnx.Export;

namespace Subbyte.Experiments.Verification;

/// <summary>What a recipe would do to a network.</summary>
/// <param name="Recipe">The recipe as given.</param>
/// <param name="Problem">Why it cannot be applied, or null.</param>
/// <param name="NotExportable">Why the result cannot be written as ONNX, or null.</param>
/// <param name="Notes">Layers that are not treated as the recipe says, and why.</param>
public sealed record RecipeCheck(string Recipe, string? Problem, string? NotExportable, IReadOnlyDictionary<string, string> Notes);

/// <summary>Everything of a network and of recipes that cannot be done, found before any work.</summary>
/// <param name="Model">File of the network.</param>
/// <param name="Nodes">Nodes that cannot be executed.</param>
/// <param name="Recipes">The recipes; empty when nodes stand in the way.</param>
public sealed record NetworkCheck(string Model, IReadOnlyList<NodeProblem> Nodes, IReadOnlyList<RecipeCheck> Recipes)
{
    private const int Samples = 2;

    /// <summary>Name and version of the schema.</summary>
    public string Schema { get; } = "subbyte.check/1";

    /// <summary>Whether everything that was asked for can be done.</summary>
    public bool Holds => Nodes.Count == 0 && Recipes.All(recipe => recipe.Problem is null);

    /// <summary>Checks a network and recipes on it. Recipes are tried on noise: whether they can be applied does not depend on the data.</summary>
    /// <param name="model">File of the network.</param>
    /// <param name="network">The network.</param>
    /// <param name="recipes">Recipes as text.</param>
    /// <param name="seed">Seed of the noise.</param>
    /// <param name="cancellation">Cancels the check.</param>
    /// <returns>What was found.</returns>
    public static NetworkCheck Of(string model, Network network, IReadOnlyList<string> recipes, int seed, CancellationToken cancellation)
    {
        var problems = ExecutionPlan.FindProblems(network);
        if (problems.Count > 0 || recipes.Count == 0) return new NetworkCheck(model, problems, []);
        var calibrator = new Calibrator(Noise(network, seed), Samples);
        return new NetworkCheck(model, problems, [.. recipes.Select(recipe => Try(recipe, network, calibrator, cancellation))]);
    }

    private static ISampleSource Noise(Network network, int seed)
    {
        var plan = ExecutionPlan.Compile(network);
        return TokenNetwork.IsOne(network)
            ? new WordNoise(new NormalSamples([plan.InputTypes.ToArray().Sum(input => (int)input.Count)], Samples, seed))
            : new NormalSamples(plan.InputType.Dimensions[1..].ToArray(), Samples, seed);
    }

    private static RecipeCheck Try(string text, Network network, Calibrator calibrator, CancellationToken cancellation)
    {
        LowBitNetwork applied;
        try
        {
            applied = Recipe.Parse(text).Apply(network, calibrator, cancellation);
            ExecutionPlan.Compile(applied);
        }
        catch (UserErrorException problem)
        {
            return new RecipeCheck(text, problem.Message, null, new Dictionary<string, string>(StringComparer.Ordinal));
        }

        var notes = applied.Layers.Where(layer => layer.Value.Note is not null).ToDictionary(layer => layer.Key, layer => layer.Value.Note!, StringComparer.Ordinal);
        return new RecipeCheck(text, null, ExportProblem(applied), notes);
    }

    private static string? ExportProblem(LowBitNetwork network)
    {
        try
        {
            LowBitExporter.Export(network);
            return null;
        }
        catch (UserErrorException problem)
        {
            return problem.Message;
        }
    }
}
