using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Experiments.Search;
using Subbyte.Tests.Cli;

namespace Subbyte.Tests.Experiments.Search;

/// <summary>Samples that calibrate, decide and are reported have nothing in common.</summary>
public sealed class SearchTaskTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, 32)]
    [InlineData(5, 5)]
    [InlineData(1000, 32)]
    public void The_last_calibration_samples_decide(int? wanted, int deciding)
    {
        var task = SearchTask.Of(Load("", ""), null, wanted);
        task.Deciding.Data.Count.ShouldBe(deciding);
        task.Deciding.Calibration!.Count.ShouldBe(CommandFolder.Pictures - deciding);
        task.Deciding.Calibration.CountSharedSamples(task.Deciding.Data).ShouldBe(0);
        task.Reported.Data.CountSharedSamples(task.Deciding.Data).ShouldBe(0);
        task.Reported.Calibration!.Sha256.ShouldBe(task.Deciding.Calibration.Sha256, "what is reported is what was decided on");
        task.Remark.ShouldContain($"{deciding} decide");
    }

    [Fact]
    public void Data_that_are_named_decide_and_all_others_calibrate()
    {
        var task = SearchTask.Of(Load("#0-31", ""), Open(_folder.Data + "#32-47"), 10);
        task.Deciding.Data.Count.ShouldBe(10);
        task.Deciding.Calibration!.Count.ShouldBe(CommandFolder.Pictures);
    }

    [Fact]
    public void Samples_that_are_reported_too_are_left_out()
    {
        var task = SearchTask.Of(Load("#0-35", ""), Open(_folder.Data + "#30-47"), null);
        task.Deciding.Data.Count.ShouldBe(12);
        task.Deciding.Data.CountSharedSamples(task.Reported.Data).ShouldBe(0);
        task.Deciding.Data.Label(0).ShouldBe(Open(_folder.Data).Label(36));
        task.Remark.ShouldContain("6 more were");
    }

    [Fact]
    public void A_search_needs_samples_that_decide_and_are_not_reported()
    {
        Should.Throw<UserErrorException>(() => SearchTask.Of(Load("", ""), Open(_folder.Data + "#40-47"), null)).Message.ShouldContain("8 of the 8 samples that decide");
        Should.Throw<UserErrorException>(() => SearchTask.Of(Load("", "#0-0"), null, null)).Message.ShouldContain("--calibrate");
    }

    private DataSet Open(string spec) => DataSpec.Open(spec, null, _folder.Model);

    private EvaluationTask Load(string data, string calibration) => EvaluationTask.Load(_folder.Model, null, Open(_folder.Data + data), Open(_folder.Calibration + calibration), 16);
}
