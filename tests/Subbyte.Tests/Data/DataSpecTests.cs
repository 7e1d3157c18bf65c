using Subbyte.Data;

namespace Subbyte.Tests.Data;

public sealed class DataSpecTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("cifar10:a/b", null, 0, null)]
    [InlineData("cifar10:a/b#test", DataSplit.Test, 0, null)]
    [InlineData("cifar10:a/b#train:3-17", DataSplit.Train, 3, 17)]
    [InlineData("cifar10:a/b#0-99", null, 0, 99)]
    [InlineData("cifar10:a/b#5-", null, 5, null)]
    [InlineData("cifar10:a/b#7", null, 7, 7)]
    public void ATextHasAKindAPathASplitAndRecords(string text, DataSplit? split, int first, int? last)
    {
        var spec = DataSpec.Parse(text);

        (spec.Kind, spec.Argument, spec.Split, spec.First, spec.Last, spec.Text).ShouldBe(("cifar10", "a/b", split, first, last, text));
    }

    [Theory]
    [InlineData("cifar10:x#tset")]
    [InlineData("cifar10:x#")]
    [InlineData("cifar10:x#test:")]
    [InlineData("cifar10:x#:")]
    [InlineData("cifar10:x#test:9-3")]
    [InlineData("cifar10:x#test:-3")]
    [InlineData("cifar10:x#0-99999999999")]
    [InlineData("cifar10:x#0-+3")]
    public void AnUnreadableSelectionIsNamed(string text) =>
        Should.Throw<UserErrorException>(() => DataSpec.Parse(text)).Message.ShouldStartWith($"data '{text}': ");

    [Theory]
    [InlineData("")]
    [InlineData("somewhere/cifar10")]
    [InlineData("cifar:somewhere")]
    public void AnUnknownKindListsTheKnownOnes(string text) =>
        Should.Throw<UserErrorException>(() => DataSpec.Open(text)).Message.ShouldContain("cifar10:PATH");

    [Fact]
    public void RecordsBeyondTheEndAreRefused()
    {
        var path = _folder.Write("a.bin", DataFiles.Cifar(4));

        DataSpec.Open($"cifar10:{path}#1-3").Count.ShouldBe(3);
        foreach (var range in new[] { "1-4", "4-", "9" })
            Should.Throw<UserErrorException>(() => DataSpec.Open($"cifar10:{path}#{range}")).Message.ShouldContain("0 to 3");
    }

    [Fact]
    public void ASingleFileHasNoTrainingSplit()
    {
        var path = _folder.Write("a.bin", DataFiles.Cifar(1));

        DataSpec.Open($"cifar10:{path}#test").Count.ShouldBe(1);
        Should.Throw<UserErrorException>(() => DataSpec.Open($"cifar10:{path}#train")).Message.ShouldContain("no splits");
    }

    [Fact]
    public void VariablesAndTheBaseFolderAreExpanded()
    {
        _folder.Write("a.bin", DataFiles.Cifar(1));
        Environment.SetEnvironmentVariable("SUBBYTE_TEST_FOLDER", _folder.Path);

        DataSpec.Open("cifar10:${SUBBYTE_TEST_FOLDER}/a.bin").Count.ShouldBe(1);
        DataSpec.Open("cifar10:a.bin", _folder.Path).Count.ShouldBe(1);
        Should.Throw<UserErrorException>(() => DataSpec.Open("cifar10:${SUBBYTE_ABSENT}/a.bin")).Message.ShouldContain("SUBBYTE_ABSENT");
        Should.Throw<UserErrorException>(() => DataSpec.Open("cifar10:${SUBBYTE_ABSENT")).Message.ShouldContain("without '}'");
    }

    [Fact]
    public void AnAbsentFileIsOneLineWithItsName() =>
        Should.Throw<UserErrorException>(() => DataSpec.Open($"cifar10:{_folder["a\nb.bin"]}")).Message.ShouldEndWith("a b.bin: there is no such file");

    [Fact]
    public void SharedSamplesAreFoundByContent()
    {
        var all = DataSpec.Open($"cifar10:{_folder.Write("a.bin", DataFiles.Cifar(20))}");
        var copy = DataSpec.Open($"cifar10:{_folder.Write("b.gz", TemporaryFolder.Gzip(DataFiles.Cifar(8)))}");

        all.CountSharedSamples(copy.Slice(5, 100)).ShouldBe(3);
        all.Slice(8, 12).CountSharedSamples(copy).ShouldBe(0);
    }

    [Fact]
    public void LabelsThatAModelDoesNotKnowAreNamed()
    {
        var data = DataSpec.Open($"cifar10:{_folder.Write("a.bin", DataFiles.Cifar(20))}#3-");

        data.CheckLabels(10, "m.onnx");
        Should.Throw<UserErrorException>(() => data.CheckLabels(8, "m.onnx")).Message.ShouldContain("record 8 has label 8, but m.onnx tells 8");
    }

    public void Dispose() => _folder.Dispose();
}
