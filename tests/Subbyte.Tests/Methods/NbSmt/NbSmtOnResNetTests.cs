using Subbyte.Calibration;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Networks.Execution;
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

    [SkippableFact]
    public void Utilization_is_that_of_the_specification()
    {
        var task = ResNet20.Task();
        var calibrator = new Calibrator(task.CalibrationSamples!, task.CalibrationCount, Environment.ProcessorCount);
        var one = Utilization(task, calibrator, threads: 1);
        var two = Utilization(task, calibrator, threads: 2);
        var gains = one.Zip(two, (first, second) => second / first / (2 - first)).ToArray();
        foreach (var (values, lowest, highest, mean, tolerance) in new[] { (one, 0.156, 0.784, 0.438, 0.002), (two, 0.283, 0.928, 0.638, 0.002), (gains, 0.951, 1.146, 0.982, 0.006) })
        {
            output.WriteLine($"{values.Min():F4} to {values.Max():F4}, mean {values.Average():F4}");
            values.Length.ShouldBe(18);
            values.Min().ShouldBe(lowest, tolerance);
            values.Max().ShouldBe(highest, tolerance);
            values.Average().ShouldBe(mean, tolerance);
        }
    }

    // Shape 4 of section 8.
    [SkippableFact]
    public void Pruned_weights_leave_four_threads_less_noise()
    {
        var task = ResNet20.Task();
        var calibrator = new Calibrator(task.CalibrationSamples!, task.CalibrationCount, Environment.ProcessorCount);
        var errors = new[] { "", "prune:sparsity=0.4 + " }.Select(prune =>
        {
            var networks = new[] { 1, 4 }.Select(threads => Recipe.Parse($"{prune}nb-smt:threads={threads} + ends:keep=float + batch-norm:keep=true").Apply(task.Network, calibrator)).ToArray();
            var noise = new SumNoise(calibrator.For(task.Network).Layers.Where(layer => !layer.IsEnd).ToArray(), networks);
            ResNet20.Observe(networks[0], task, noise);
            return noise.RelativeErrors(1).Average();
        }).ToArray();
        output.WriteLine($"relative error {errors[0]:F6}, pruned {errors[1]:F6}");
        errors[1].ShouldBeLessThan(errors[0]);
    }

    // Busy cycles of the 18 layers on the inputs that they have in the INT8 network.
    private static double[] Utilization(EvaluationTask task, Calibrator calibrator, int threads)
    {
        var networks = new[] { 1, threads }.Select(count => Recipe.Parse($"nb-smt:threads={count} + ends:keep=float + batch-norm:keep=true").Apply(task.Network, calibrator)).ToArray();
        var costs = new LayerCosts(ExecutionPlan.Compile(networks[1]), calibrator.For(task.Network).Layers);
        ResNet20.Observe(networks[0], task, costs);
        return [.. costs.Count(100).Select(layer => layer.Cost.Operations).Where(counts => counts.ContainsKey("multiplierCycles")).Select(counts => counts["multiplierCycles.busy"] / counts["multiplierCycles"])];
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
