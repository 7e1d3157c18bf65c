using Subbyte.Calibration;
using Subbyte.Methods;
using Xunit.Abstractions;

namespace Subbyte.Tests.Methods.NbSmt;

/// <summary>The figures of section 8.1 on ResNet-20: first convolution, classifier and batch norms in fp32, all other convolutions on shared multipliers.</summary>
[Trait("Speed", "Slow")]
public class NbSmtOnResNetTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void Accuracy_and_noise_are_those_of_the_specification()
    {
        var task = ResNet20.Task();
        var calibrator = new Calibrator(task.CalibrationSamples!, task.CalibrationCount, Environment.ProcessorCount);
        var layers = calibrator.For(task.Network).Layers.Where(layer => !layer.IsEnd).ToArray();
        var rows = NbSmtVectors.Rows("resnet20");
        var networks = rows.Select(row => Recipe.Parse(row["recipe"] + " + ends:keep=float + batch-norm:keep=true").Apply(task.Network, calibrator)).ToArray();

        var noise = new SumNoise(layers, networks);
        ResNet20.Observe(networks[0], task, noise);
        var errors = Enumerable.Range(0, rows.Count).Select(i => noise.RelativeErrors(i).Average()).ToArray();
        for (var i = 0; i < rows.Count; i++) output.WriteLine($"{rows[i]["recipe"]}: relative error {errors[i]:F6}, {rows[i]["error"]} expected");
        for (var i = 0; i < rows.Count; i++) errors[i].ShouldBeInRange(0.98 * rows[i].Number("error"), 1.02 * rows[i].Number("error"), rows[i]["recipe"]);
        HaveTheShapes(rows.Select((row, i) => (Recipe: row["recipe"], Error: errors[i])).ToDictionary(row => row.Recipe, row => row.Error, StringComparer.Ordinal));

        for (var i = 0; i < rows.Count; i++)
        {
            var tolerance = rows[i]["recipe"].Contains("threads=4") ? 8 : 5;
            if (rows[i]["correct"] != "-") IsNear(ResNet20.Correct(networks[i], task), rows[i].Integer("correct"), tolerance, rows[i]["recipe"]);
            if (rows[i]["recalibrated"] == "-") continue;
            var recipe = rows[i]["recipe"] + " + ends:keep=float + bn-recal";
            IsNear(ResNet20.Correct(Recipe.Parse(recipe).Apply(task.Network, calibrator), task), rows[i].Integer("recalibrated"), tolerance, recipe);
        }
    }

    private void IsNear(int correct, int expected, int tolerance, string recipe)
    {
        output.WriteLine($"{recipe}: {correct} correct, {expected} expected");
        correct.ShouldBeInRange(expected - tolerance, expected + tolerance, recipe);
    }

    // Shape 1 of section 8.
    private static void HaveTheShapes(Dictionary<string, double> errors)
    {
        foreach (var (better, worse) in new[]
        {
            ("nb-smt:policy=S+Aw", "nb-smt"), ("nb-smt", "nb-smt:policy=A"), ("nb-smt", "nb-smt:policy=S"), ("nb-smt", "nb-smt:policy=S+W"), ("nb-smt:policy=S+Aw", "nb-smt:policy=S+aW"),
            ("nb-smt:policy=A", "nb-smt:policy=W"), ("nb-smt:policy=Aw", "nb-smt:policy=aW"), ("nb-smt:reorder", "nb-smt"), ("nb-smt:threads=4,reorder", "nb-smt:threads=4"),
        })
        {
            errors[better].ShouldBeLessThan(errors[worse], $"{better} against {worse}");
        }

        (errors["nb-smt:threads=4"] / errors["nb-smt"]).ShouldBeInRange(3.3, 3.6);
    }
}
