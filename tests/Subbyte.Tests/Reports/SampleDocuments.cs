using Subbyte.Experiments;
using Subbyte.Lowering;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Reports;

/// <summary>Made-up documents in the shape of real ones.</summary>
internal static class SampleDocuments
{
    private const int Samples = 1017;

    /// <summary>A document with the given recipes, fp32 first, over a small residual network.</summary>
    public static ResultDocument Of(params (string Recipe, double Value, double Energy, double Bytes)[] recipes) => new()
    {
        Schema = "subbyte.compare/1",
        Version = "0.1.0",
        Seed = 7,
        Model = new ModelDescription("resnet20.onnx", new string('a', 64), 40_813_184, 269_722, "order=RGB,scale=0.00392"),
        Data = new DataDescription("cifar10:data/cifar10", "test", Samples, new string('b', 64)),
        Calibration = new CalibrationDescription("cifar10:data/cifar10#train", 256, new string('c', 64), 0),
        Machine = new MachineDescription("X64", 2, 2, "Avx512", ".NET 10.0.1"),
        Results = [.. recipes.Select((recipe, i) => Result(recipe.Recipe, recipe.Value, recipe.Energy, recipe.Bytes, i))],
    };

    /// <summary>A document whose recipes crowd as those of a real comparison do, one of them far below the rest.</summary>
    public static ResultDocument Crowded(int recipes)
    {
        var names = new List<(string, double, double, double)> { ("fp32", 0.9164, 188e6, 1_078_888), ("int8", 0.9154, 12.3e6, 271_000), ("int4", 0.902, 8.3e6, 136_700), ("log:bits=4", 0.312, 9e6, 136_000) };
        for (var i = names.Count; i < recipes; i++)
        {
            var isSparq = i % 3 != 0;
            var name = isSparq ? $"sparq:window={2 + (i % 4)}opt,round={(i % 2 == 0 ? "true" : "false")},pairs={(i % 5 < 3 ? "true" : "false")}" : $"tr:group=8,budget={8 + i}";
            names.Add((name, 0.9164 - (0.0004 * (i * 37 % 41)), isSparq ? 8.7e6 + (i % 4 * 0.15e6) : (6e6 + (i * 0.21e6)), isSparq ? 271_000 : 180_000 + (i * 3000)));
        }

        return Of([.. names.Take(recipes)]);
    }

    /// <summary>Layers with the names of the documents' layers and bell-shaped weights.</summary>
    public static IReadOnlyList<DotProductLayer> Layers(string? firstName = null) => [.. LayerNames.Select((name, i) => new DotProductLayer
    {
        Name = i == 0 ? firstName ?? name : name,
        Index = i,
        Kind = i == LayerNames.Length - 1 ? LayerKind.FullyConnected : LayerKind.Convolution,
        Positions = 64,
        Outputs = 16,
        Depth = 144,
        Weights = Enumerable.Range(0, 16 * 144).Select(k => (float)((Math.Sin(k * 12.9898) + Math.Sin(k * 78.233) + Math.Sin(k * 37.719 * (i + 1))) * 0.05 * (1 + i))).ToArray(),
        Bias = new float[16],
        Input = new SampleStatistics(0, 1),
    })];

    /// <summary>The layers of every document.</summary>
    public static readonly string[] LayerNames = ["/conv1/Conv", "/layer1/layer1.0/conv1/Conv", "/layer1/layer1.0/conv2/Conv", "/layer2/layer2.0/conv1/Conv", "/layer3/layer3.0/conv1/Conv", "/linear/Gemm"];

    private static RecipeResult Result(string recipe, double value, double energy, double bytes, int index)
    {
        var isFloat = recipe == "fp32";
        var correct = (int)Math.Round(value * Samples);
        var (low, high) = Scores.Interval95(correct, Samples);
        return new RecipeResult
        {
            Recipe = recipe,
            CanonicalRecipe = isFloat ? recipe : recipe + (recipe.Contains(':') ? ",ends=int8" : ":ends=int8"),
            Metric = "top1",
            Value = correct / (double)Samples,
            Correct = correct,
            Confidence95 = [low, high],
            Baseline = 0.9164,
            Flips = new Flips(isFloat ? 0 : 12 + index, isFloat ? 0 : 9),
            Samples = Samples,
            Agreement = isFloat ? 1 : 0.97,
            MeanSquaredError = isFloat ? 0 : 0.0123 * index,
            Cost = new CostResult(40_813_184, new Dictionary<string, double>(StringComparer.Ordinal) { ["bitOperations"] = energy * 200, [isFloat ? "macs.fp32" : "macs.8x8"] = 40_813_184 }, isFloat ? 40_813_184 : 20e6 + index, energy, bytes * 8 / 269_722, isFloat ? 32 : 8, bytes),
            Layers = [.. LayerNames.Select((name, i) => Layer(name, i, isFloat, index))],
            Seconds = 12.5,
            SamplesPerSecond = 81.4,
        };
    }

    private static LayerResult Layer(string name, int position, bool isFloat, int recipe)
    {
        var noise = isFloat || position == 0 ? 0 : 0.0002 * (position * 7 % 5) * (recipe * recipe);
        return new LayerResult(name, "Convolution", 1024, 16, 144, 2_359_296, isFloat ? "fp32" : "uniform", noise == 0 ? null : -10 * Math.Log10(noise), noise, position == 0 ? 0 : 0.0013, isFloat ? 32 : 8.2, 2_359_296, 712_000, position == 0 && !isFloat ? "first layer: eight bits" : null);
    }
}
