using Subbyte.Data;
using Subbyte.Data.Workloads;
using Subbyte.Networks;

namespace Subbyte.Tests.Data;

public sealed class WorkloadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> BuiltIn => [.. Workload.BuiltIn];

    [Fact]
    public void AFileNamesModelDataAndTheRest()
    {
        _folder.Write("a.bin", DataFiles.Cifar(30));
        var path = _folder.Write("my.yaml", """
            description: mine
            model: models/m.onnx
            data: cifar10:a.bin#0-9
            calibrate: cifar10:a.bin#10-29/3
            preprocess: order=BGR,mean=1/2/3
            metric: top5
            """);

        var workload = Workload.Find(path);

        (workload.Name, workload.Description, workload.Metric, workload.StatesOverlap).ShouldBe(("my", "mine", "top5", false));
        workload.ModelPath.ShouldBe(Path.Combine(_folder.Path, "models/m.onnx"));
        workload.OpenData().Count.ShouldBe(10);
        var calibration = workload.OpenCalibration()!;
        Enumerable.Range(0, calibration.Count).Select(calibration.Label).ShouldBe([0, 3, 6, 9, 2, 5, 8]);
        workload.FindPreprocessing()!.Order.ShouldBe(ChannelOrder.Bgr);
        calibration.CountSharedSamples(workload.OpenData()).ShouldBe(0);
    }

    [Theory]
    [InlineData("model: a\ndata: glyphs\nmetrics: top1", ":3: 'metrics' is unknown")]
    [InlineData("model: a\ndata: glyphs\nmetric: best", ":3: 'metric' is 'best'")]
    [InlineData("model: a", "'data' is missing")]
    [InlineData("data: glyphs", "'model' is missing")]
    [InlineData("model: a\ndata: nowhere:x", ":2: 'data' is unusable")]
    [InlineData("model: a\ndata: glyphs\ncalibrate: glyphs#later", ":3: 'calibrate' is unusable")]
    [InlineData("model: a\ndata: glyphs\npreprocess: scale=0", ":3: 'preprocess' is unusable")]
    public void AContradictionNamesFileAndLine(string yaml, string why)
    {
        var path = _folder.Write("bad.yaml", yaml);
        var message = Should.Throw<UserErrorException>(() => Workload.Find(path)).Message;
        message.ShouldStartWith(path);
        message.ShouldContain(why);
    }

    [Fact]
    public void AnUnknownNameListsTheBuiltInOnes() =>
        Should.Throw<UserErrorException>(() => Workload.Find("cifar10-resnet21")).Message.ShouldContain("cifar10-resnet20");

    [Fact]
    public void SamplesBothCalibratedOnAndEvaluatedAreCounted()
    {
        var all = DataSpec.Open($"cifar10:{_folder.Write("a.bin", DataFiles.Cifar(40))}");

        all.Slice(0, 10).CountSharedSamples(all).ShouldBe(10);
        all.Slice(20, 20).CountSharedSamples(all.Slice(0, 21)).ShouldBe(1);
    }

    [Fact]
    public void EveryModelAndSetOfTheBundleHasAWorkload() => Workload.BuiltIn.Count.ShouldBe(16);

    [SkippableTheory]
    [MemberData(nameof(BuiltIn))]
    public void ABuiltInWorkloadOpensAndSaysWhereItsCalibrationSamplesComeFrom(string name)
    {
        SharedData.Require("models");
        Environment.SetEnvironmentVariable("SUBBYTE_DATA", SharedData.Root);
        var workload = Workload.Find(name);

        File.Exists(workload.ModelPath).ShouldBeTrue();
        // Words are taken as they are.
        var preprocessing = workload.Metric == "perplexity" ? Preprocessing.Identity : workload.FindPreprocessing().ShouldNotBeNull();
        var data = workload.OpenData();
        var calibration = workload.OpenCalibration().ShouldNotBeNull();
        new PreprocessedSamples(data, preprocessing).SampleShape.ToArray().ShouldBe(calibration.SampleShape.ToArray());
        (calibration.Slice(0, 256).CountSharedSamples(data) > 0).ShouldBe(workload.StatesOverlap);
    }

    public void Dispose() => _folder.Dispose();
}
