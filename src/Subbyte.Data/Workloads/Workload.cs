using Subbyte.Networks;

namespace Subbyte.Data.Workloads;

/// <summary>
/// What to evaluate: a network, its data, what may be calibrated on, preprocessing and metric, told by a small YAML file with the names
/// <c>model</c>, <c>data</c>, <c>calibrate</c>, <c>preprocess</c>, <c>metric</c>, <c>overlap</c>, <c>description</c>.
/// </summary>
/// <remarks>Paths may use <c>${VARIABLE}</c>; they are expanded when something is opened, relative ones from the file's folder.</remarks>
public sealed record Workload
{
    private Workload(string name, string? baseFolder) => (Name, BaseFolder) = (name, baseFolder);

    /// <summary>The names of the workloads that the library carries with it, in ordinal order.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = BuiltInFiles.Names("");

    /// <summary>The name: that of the file without folder and ending.</summary>
    public string Name { get; }

    /// <summary>The folder that relative paths start from; <see langword="null"/> for a built-in workload, which has none.</summary>
    public string? BaseFolder { get; }

    /// <summary>One line for people; may be empty.</summary>
    public string Description { get; private init; } = "";

    /// <summary>The ONNX file, not expanded.</summary>
    public required string Model { get; init; }

    /// <summary>The specification of the data to evaluate.</summary>
    public required string Data { get; init; }

    /// <summary>The specification of the data to calibrate on, or <see langword="null"/>.</summary>
    public string? Calibrate { get; init; }

    /// <summary>Whether the workload says itself that some evaluated samples are calibrated on (<c>overlap: stated</c>).</summary>
    public bool StatesOverlap { get; init; }

    /// <summary>The text of the preprocessing, or <see langword="null"/> when the model or a list beside it tells.</summary>
    public string? Preprocess { get; init; }

    /// <summary><c>top1</c>, <c>top5</c>, <c>agreement</c> or <c>perplexity</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>The ONNX file.</summary>
    /// <exception cref="UserErrorException">A variable in the path is not set.</exception>
    public string ModelPath => PathExpansion.Expand(Model, BaseFolder);

    /// <summary>Finds a workload.</summary>
    /// <param name="nameOrFile">The name of a built-in one, or a YAML file (with a folder or the ending <c>.yaml</c>).</param>
    /// <returns>The workload; its model and data are not looked at yet.</returns>
    /// <exception cref="UserErrorException">There is none, or it is malformed.</exception>
    public static Workload Find(string nameOrFile)
    {
        if (!BuiltInFiles.IsName(nameOrFile))
        {
            var path = PathExpansion.Expand(nameOrFile);
            return From(YamlMapping.Read(path), Path.GetFileNameWithoutExtension(path), Path.GetDirectoryName(Path.GetFullPath(path)));
        }

        return BuiltInFiles.Find("", nameOrFile) is { } builtIn
            ? From(builtIn, nameOrFile, baseFolder: null)
            : throw new UserErrorException($"workload '{nameOrFile}' is not built in; there are {string.Join(", ", BuiltIn)} (a file ends with .yaml)");
    }

    /// <summary>Opens the data to evaluate.</summary>
    /// <returns>The data.</returns>
    /// <exception cref="UserErrorException">They cannot be read.</exception>
    public DataSet OpenData() => DataSpec.Open(Data, BaseFolder, ModelPath);

    /// <summary>Opens the data to calibrate on.</summary>
    /// <returns>The data, or <see langword="null"/> when the workload names none.</returns>
    /// <exception cref="UserErrorException">They cannot be read.</exception>
    public DataSet? OpenCalibration() => Calibrate is null ? null : DataSpec.Open(Calibrate, BaseFolder, ModelPath);

    /// <summary>The preprocessing that the workload itself, or a <c>models.json</c> beside the model, tells.</summary>
    /// <returns>The rule, or <see langword="null"/> when neither tells (the model's metadata may).</returns>
    /// <exception cref="UserErrorException">What they tell is malformed.</exception>
    public Preprocessing? FindPreprocessing() =>
        Preprocess is null ? Preprocessing.FromModelsJsonBeside(ModelPath) : Preprocessing.Parse(Preprocess);

    private static Workload From(YamlMapping yaml, string name, string? baseFolder)
    {
        yaml.ExpectOnly("description", "model", "data", "calibrate", "overlap", "preprocess", "metric");
        var workload = new Workload(name, baseFolder)
        {
            Description = yaml.TextOrNull("description") ?? "",
            Model = yaml.Text("model"),
            Data = yaml.Text("data"),
            Calibrate = yaml.TextOrNull("calibrate"),
            StatesOverlap = yaml.Choice("overlap", "none", "stated") == "stated",
            Preprocess = yaml.TextOrNull("preprocess"),
            Metric = yaml.Choice("metric", "top1", "top5", "agreement", "perplexity"),
        };
        workload.Check(yaml);
        return workload;
    }

    /// <summary>What can be checked without a file is checked at once, so that the error names the line.</summary>
    private void Check(YamlMapping yaml)
    {
        foreach (var (key, text) in new[] { ("data", Data), ("calibrate", Calibrate), ("preprocess", Preprocess) })
        {
            try
            {
                if (text is null) continue;
                if (key == "preprocess") Preprocessing.Parse(text);
                else DataKinds.Find(DataSpec.Parse(text));
            }
            catch (UserErrorException exception)
            {
                throw yaml.Error(key, $"is unusable: {exception.Message}");
            }
        }
    }
}
