using System.Text.Json;
using Subbyte.Tests.Data;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Cli;

[Collection(InstructionSetCollection.Name)]
public sealed class TrainVerbTests : IDisposable
{
    private const string Recipe = """
        description: a small one
        network: lenet5
        train: glyphs:train=300#train
        test: glyphs:test=100#test
        preprocess: order=as-is,scale=0.003921569,mean=0.25,std=0.22
        rate: 0.02
        epochs: 2
        batch: 50
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_leaves_its_folder_and_the_file_has_the_accuracy_that_was_said()
    {
        var run = (await Train(Recipe, "--json", "-")).ShouldBeDone();
        using var document = JsonDocument.Parse(run.Output);
        document.RootElement.GetProperty("schema").GetString().ShouldBe("subbyte.train/1");
        var value = document.RootElement.GetProperty("results")[0].GetProperty("value").GetDouble();
        document.RootElement.GetProperty("training").GetProperty("history").GetArrayLength().ShouldBe(2);
        Directory.EnumerateFiles(Run).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["checkpoint.bin", "last.onnx", "metrics.csv", "recipe.yaml", "report.html", "result.json"]);
        (await File.ReadAllLinesAsync(Path.Combine(Run, "metrics.csv"))).Length.ShouldBe(3);

        using var evaluated = JsonDocument.Parse((await CommandRun.Of("eval", Path.Combine(Run, "last.onnx"), "--data", "glyphs:test=100#test", "--json", "-", "--quiet")).ShouldBeDone().Output);
        evaluated.RootElement.GetProperty("results")[0].GetProperty("value").GetDouble().ShouldBe(value);
    }

    [Fact]
    public async Task The_best_epoch_by_the_validation_data_is_kept()
    {
        (await Train(Recipe + "\nvalidate: glyphs:train=400#train:300-399")).ShouldBeDone().Output.ShouldContain("best.onnx");
        File.Exists(Path.Combine(Run, "best.onnx")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_dry_run_says_the_plan_and_writes_nothing()
    {
        var run = (await Train(Recipe, "--dry-run")).ShouldBeDone();
        run.Output.ShouldContain("300 samples, 6 steps of 50 an epoch");
        Directory.Exists(Run).ShouldBeFalse();
    }

    [Fact]
    public async Task A_divergence_is_said_in_one_line_and_earlier_networks_stay()
    {
        (await Train(Recipe.Replace("rate: 0.02", "rate: 1e6", StringComparison.Ordinal))).ShouldBeRefused("diverged", "learning rate");
    }

    [Fact]
    public async Task A_student_learns_from_the_file_of_its_teacher()
    {
        (await Train(Recipe, "--no-report")).ShouldBeDone();
        var teacher = Path.Combine(_folder.Path, "teacher.onnx");
        File.Move(Path.Combine(Run, "last.onnx"), teacher);
        Directory.Delete(Run, recursive: true);
        var student = Recipe.Replace("network: lenet5", "network: mlp\nhidden: [48]", StringComparison.Ordinal) + $"\nteacher: {teacher}\ntemperature: 2\ndistillation: 1";
        var taught = (await Train(student, "--no-report", "--json", "-")).ShouldBeDone().Output;
        (await Train(student.Replace(teacher, "nobody.onnx", StringComparison.Ordinal), "--no-report")).ShouldBeRefused("nobody.onnx");
        Directory.Delete(Run, recursive: true);
        // A teacher whose weight is 0 says nothing.
        var alone = (await Train(student.Replace("distillation: 1", "distillation: 0", StringComparison.Ordinal), "--no-report", "--json", "-")).ShouldBeDone().Output;
        Loss(taught).ShouldNotBe(Loss(alone));

        static double Loss(string json)
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.GetProperty("training").GetProperty("history")[1].GetProperty("loss").GetDouble();
        }
    }

    [Fact]
    public async Task Another_training_does_not_go_on_from_the_checkpoint()
    {
        (await Train(Recipe, "--no-report")).ShouldBeDone();
        (await Train(Recipe, "--seed", "2")).ShouldBeRefused("another training");
    }

    private string Run => Path.Combine(_folder.Path, "run");

    private Task<CommandRun> Train(string recipe, params string[] options) => CommandRun.Of(["train", _folder.Write("recipe.yaml", recipe), "--out", Run, "--quiet", .. options]);
}
