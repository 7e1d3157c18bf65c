using System.Globalization;
using Subbyte.Data;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Training;

namespace Subbyte.Experiments.TrainingRuns;

/// <summary>Reads a training recipe from YAML: what can be checked without opening a file is checked at once, so that errors name the line.</summary>
/// <param name="yaml">The mapping.</param>
internal sealed class RecipeReader(YamlMapping yaml)
{
    private static readonly string[] Known =
    [
        "description", "network", "width", "hidden", "batch-norm", "dropout", "preprocess", "train", "validate", "test", "method", "crop", "flip", "optimizer", "rate", "momentum",
        "nesterov", "beta1", "beta2", "decay", "decay-on", "clip", "schedule", "warm-up", "milestones", "factor", "final", "epochs", "batch", "label-smoothing", "seed", "teacher",
        "temperature", "distillation", "units", "layers", "tied", "steps",
    ];

    /// <summary>Reads the recipe.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="baseFolder">The folder that relative paths start from, or null.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="UserErrorException">Something is missing, unknown or out of range; the message names the file and the line.</exception>
    public TrainingRecipe Read(string name, string text, string? baseFolder)
    {
        yaml.ExpectOnly(Known);
        var seed = (ulong)Whole("seed", 1, 0, int.MaxValue);
        var recipe = new TrainingRecipe
        {
            Name = name,
            Text = text,
            BaseFolder = baseFolder,
            Description = yaml.TextOrNull("description") ?? "",
            Network = yaml.Text("network"),
            Sizes = Sizes(seed),
            Units = Whole("units", 200, 1, 1 << 14),
            Layers = Whole("layers", 1, 1, 8),
            IsTied = Flag("tied"),
            Steps = Whole("steps", 35, 1, 4096),
            Preprocess = Checked("preprocess", yaml.TextOrNull("preprocess"), value => Preprocessing.Parse(value)),
            Train = Data("train", yaml.Text("train"))!,
            Validate = Data("validate", yaml.TextOrNull("validate")),
            Test = Data("test", yaml.Text("test"))!,
            Method = Checked("method", yaml.TextOrNull("method"), value => Recipe.Parse(value)) ?? "fp32",
            Teacher = yaml.TextOrNull("teacher"),
            Temperature = Real("temperature", 4, 0.01f, 1000),
            DistillationWeight = Real("distillation", 0.5f, 0, 1),
            Options = Options(seed),
        };
        if (recipe.Teacher is null) Refuse(["temperature", "distillation"], "has no meaning without a teacher");
        if (recipe.NetworkIsFile && !LooksLikeFile(recipe.Network)) throw yaml.Error("network", $"is '{recipe.Network}', which is not built in ({string.Join(", ", BuiltInNetworks.Names)}, {LanguageModels.Lstm}) and no file (.onnx)");
        if (!recipe.NetworkIsFile && recipe.Network != LanguageModels.Lstm && recipe.Preprocess is null) throw yaml.Error("preprocess", $"is missing; a new {recipe.Network} must know how raw values become its inputs");
        Checked("method", recipe.Method, _ => recipe.Methods());
        return recipe;
    }

    private BuiltInNetworkOptions Sizes(ulong seed) => new()
    {
        Seed = seed,
        Width = Real("width", 1, 0.01f, 16),
        Hidden = yaml.Texts("hidden").Count == 0 ? [512, 512] : yaml.PositiveIntegers("hidden"),
        BatchNormalization = Flag("batch-norm"),
        Dropout = Real("dropout", 0, 0, 0.99f),
    };

    private TrainingOptions Options(ulong seed) => new()
    {
        Epochs = Whole("epochs", null, 1, 100_000),
        BatchSize = Whole("batch", 128, 1, 1 << 16),
        Optimizer = Optimizer(),
        Schedule = Schedule(),
        LabelSmoothing = Real("label-smoothing", 0, 0, 0.99f),
        GradientClip = Real("clip", 0, 0, 1e9f),
        Augmentation = new Augmentation { Crop = Whole("crop", 0, 0, 1024), Flip = Flag("flip") },
        Seed = seed,
    };

    private OptimizerOptions Optimizer()
    {
        var kind = yaml.Choice("optimizer", "sgd", "adam", "adamw");
        var isSgd = kind == "sgd";
        Refuse(isSgd ? ["beta1", "beta2"] : ["momentum", "nesterov"], $"has no meaning for the optimizer {kind}");
        var rate = Real("rate", isSgd ? 0.1f : 0.001f, 0, 1e6f);
        var decay = Real("decay", 0, 0, 1e6f);
        var decaysAll = yaml.Choice("decay-on", "weights", "all") == "all";
        OptimizerOptions options = isSgd
            ? new SgdOptions { Momentum = Real("momentum", 0.9f, 0, 0.9999f), Nesterov = Flag("nesterov") }
            : new AdamOptions { Beta1 = Real("beta1", 0.9f, 0, 0.99999f), Beta2 = Real("beta2", 0.999f, 0, 0.9999999f), DecoupledDecay = kind == "adamw" };
        options = options with { LearningRate = rate, WeightDecay = decay };
        return decaysAll ? options with { Decays = parameter => parameter.Role != ParameterRole.Quantizer } : options;
    }

    private LearningRateSchedule Schedule()
    {
        var kind = yaml.Choice("schedule", "cosine", "step", "constant");
        if (kind != "step") Refuse(["milestones", "factor"], $"has no meaning for the schedule {kind}");
        if (kind != "cosine") Refuse(["final"], $"has no meaning for the schedule {kind}");
        LearningRateSchedule schedule = kind switch
        {
            "cosine" => new CosineSchedule(Real("final", 0, 0, 1)),
            "step" => new StepSchedule([.. yaml.PositiveIntegers("milestones").Select(epoch => (double)epoch)], Real("factor", 0.1f, 0, 1)),
            _ => new ConstantSchedule(),
        };
        return schedule with { WarmUpEpochs = Real("warm-up", 0, 0, 1000) };
    }

    private void Refuse(string[] keys, string why)
    {
        foreach (var key in keys)
        {
            if (yaml.Texts(key).Count > 0) throw yaml.Error(key, why);
        }
    }

    private float Real(string key, float absent, float lowest, float highest)
    {
        var value = yaml.Number(key, absent);
        return value >= lowest && value <= highest ? value : throw yaml.Error(key, $"is {value.ToString(CultureInfo.InvariantCulture)}, it must lie in {lowest.ToString(CultureInfo.InvariantCulture)} … {highest.ToString(CultureInfo.InvariantCulture)}");
    }

    private int Whole(string key, int? absent, int lowest, int highest)
    {
        if (yaml.TextOrNull(key) is not { } text) return absent ?? throw yaml.Error(key, "is missing");
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= lowest && value <= highest
            ? value
            : throw yaml.Error(key, $"is '{text}', it must be a whole number from {lowest} to {highest}");
    }

    private bool Flag(string key) => yaml.Choice(key, "false", "true") == "true";

    private string? Data(string key, string? text) => Checked(key, text, value => DataKinds.Find(DataSpec.Parse(value)));

    private string? Checked(string key, string? text, Action<string> check)
    {
        try
        {
            if (text is not null) check(text);
            return text;
        }
        catch (UserErrorException failure)
        {
            throw yaml.Error(key, $"is unusable: {failure.Message}");
        }
    }

    private static bool LooksLikeFile(string network)
        => network.Contains('/', StringComparison.Ordinal) || network.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) || network.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);
}
