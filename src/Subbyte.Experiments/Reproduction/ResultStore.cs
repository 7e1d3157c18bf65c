using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Subbyte.Methods;

namespace Subbyte.Experiments.Reproduction;

/// <summary>
/// Results by the content that they depend on: version, network, data, calibration and recipe. Files are written to a temporary name and
/// renamed, so a run that is killed resumes and loses nothing, and two processes may share a store.
/// </summary>
/// <param name="folder">Folder of the store.</param>
public sealed class ResultStore(string folder)
{
    /// <summary>The store of the user who runs the tool.</summary>
    public static string DefaultFolder { get; } = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "subbyte", "results");

    /// <summary>The result of a recipe: from the store, or run and stored.</summary>
    /// <param name="workbench">Network and data.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="progress">Told how many samples are done, or null.</param>
    /// <param name="cancellation">Cancels the run; nothing is stored then.</param>
    /// <returns>The result.</returns>
    public RecipeResult Get(Workbench workbench, Recipe recipe, Action<EvaluationProgress>? progress, CancellationToken cancellation)
        => Get(workbench, recipe, () => workbench.Run(recipe, progress, cancellation).Result);

    /// <summary>The result of a recipe: from the store, or run and stored.</summary>
    /// <param name="workbench">Network and data.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="run">Runs it, where its network is at hand already.</param>
    /// <returns>The result.</returns>
    internal RecipeResult Get(Workbench workbench, Recipe recipe, Func<RecipeResult> run) => Get(workbench, recipe, [$"{workbench.CostSamples}", $"{workbench.NoiseSamples}"], run);

    /// <summary>Something that depends on a recipe on a network and data: from the store, or computed and stored.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="workbench">Network and data.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="more">All else that it depends on.</param>
    /// <param name="compute">Computes it.</param>
    /// <returns>The thing.</returns>
    internal T Get<T>(Workbench workbench, Recipe recipe, IEnumerable<string> more, Func<T> compute)
        where T : class
    {
        var path = Path.Combine(folder, Key(workbench, recipe, [typeof(T).Name, .. more]) + ".json");
        if (Read<T>(path) is { } known) return known;
        var result = compute();
        Directory.CreateDirectory(folder);
        Files.WriteAtomically(path, stream => stream.Write(Encoding.UTF8.GetBytes(DocumentJson.Write(result))));
        return result;
    }

    /// <summary>A file of the store that holds a trained network; its folder is there.</summary>
    /// <param name="parts">What the network depends on, beside the training engine, the methods and the kernels.</param>
    /// <returns>The path.</returns>
    internal string TrainedNetwork(IEnumerable<string> parts)
    {
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, Hash([.. Versions(typeof(Training.Trainer), typeof(Recipe), typeof(Kernels.Cpu)), .. parts]) + ".onnx");
    }

    private static T? Read<T>(string path)
        where T : class
    {
        try
        {
            return File.Exists(path) ? DocumentJson.Read<T>(File.ReadAllText(path)) : null;
        }
        catch (Exception failure) when (failure is JsonException or IOException)
        {
            // Whatever is not a result is made again.
            return null;
        }
    }

    private static string Key(Workbench workbench, Recipe recipe, IEnumerable<string> more)
    {
        var task = workbench.Task;
        string[] parts =
        [
            .. Versions(typeof(ResultStore), typeof(Recipe), typeof(Kernels.Cpu)),
            task.ModelSha256, task.Preprocessing.ToString(), task.Data.Sha256, $"{workbench.Samples}", task.Calibration?.Sha256 ?? "", $"{task.CalibrationCount}", recipe.Canonical, .. more,
        ];
        return Hash(parts);
    }

    /// <summary>The builds of the assemblies that make something; a build of the same sources has the same one.</summary>
    private static IEnumerable<string> Versions(params IEnumerable<Type> types) => types.Select(type => type.Assembly.ManifestModule.ModuleVersionId.ToString());

    private static string Hash(IEnumerable<string> parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
}
