using System.Runtime.InteropServices;
using Subbyte.Data;

namespace Subbyte.Tests.Data;

public sealed class SetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void ChannelsLastBecomeChannelsFirst()
    {
        _folder.Write("a.u8", [.. Enumerable.Range(0, 24).Select(i => (byte)i)]);
        var data = Open("file: a.u8\ndtype: u8\nshape: [2, 2, 3]\nlayout: NHWC");
        var values = new float[12];

        data.Read(1, values);

        data.SampleShape.ToArray().ShouldBe([3, 2, 2]);
        values.ShouldBe([12f, 15f, 18f, 21f, 13f, 16f, 19f, 22f, 14f, 17f, 20f, 23f]);
        data.HasLabels.ShouldBeFalse();
    }

    [Fact]
    public void ValuesAreScaledAndShifted()
    {
        _folder.Write("a.i8", TemporaryFolder.Gzip([0, 255, 128, 127]));
        var values = new float[2];

        var data = Open("file: a.i8\ndtype: i8\nshape: 2\nscale: 0.5\noffset: 3");
        data.Read(0, values);
        values.ShouldBe([3f, 2.5f]);
        data.Read(1, values);
        values.ShouldBe([-61f, 66.5f]);
    }

    [Fact]
    public void FloatsAreReadAsTheyAre()
    {
        _folder.Write("a.f32", MemoryMarshal.AsBytes<float>([1.25f, -3e-20f]).ToArray());
        var values = new float[2];

        Open("file: a.f32\ndtype: f32\nshape: [2]").Read(0, values);

        values.ShouldBe([1.25f, -3e-20f]);
    }

    [Fact]
    public void LabelsAreBytesOrAColumnOfCsv()
    {
        _folder.Write("a.u8", new byte[3]);
        _folder.Write("a.labels.gz", TemporaryFolder.Gzip([0, 2, 1]));
        _folder.Write("a.csv", "index,name,class\n0,\"tench, Tinca\",7\n1,x,0\n2,y,3\n");

        var bytes = Open("file: a.u8\nshape: [1]\nlabels: a.labels.gz\nclasses: 4");
        (bytes.ClassCount, bytes.Label(1)).ShouldBe((4, 2));
        var csv = Open("file: a.u8\nshape: [1]\nlabels: a.csv\ncolumn: class");
        (csv.ClassCount, csv.Label(0), csv.Label(2)).ShouldBe((8, 7, 3));
    }

    [Theory]
    [InlineData("shape: [1]", "'file' is missing")]
    [InlineData("file: a.u8", "'shape' must hold")]
    [InlineData("file: a.u8\nshape: [0]", ":2: 'shape'")]
    [InlineData("file: a.u8\nshape: [70000, 70000]", ":2: 'shape' is larger")]
    [InlineData("file: a.u8\nshape: [1, 1]\nlayout: NHWC", ":2: 'shape' must be height, width, channels")]
    [InlineData("file: a.u8\nshape: [1]\nlayout: HWCN", ":3: 'layout' is 'HWCN'")]
    [InlineData("file: a.u8\nshape: [1]\ndtype: f16", ":3: 'dtype' is 'f16'")]
    [InlineData("file: a.u8\nshape: [1]\nscale: wide", ":3: 'scale'")]
    [InlineData("file: a.u8\nshape: [1]\nclasses: 3", ":3: 'classes' is given without")]
    [InlineData("file: a.u8\nshape: [1]\nsize: 3", ":3: 'size' is unknown")]
    [InlineData("file: a.u8\nfile: a.u8\nshape: [1]", ":2: 'file' is given twice")]
    [InlineData("file: [a.u8]\nshape: [1]", ":1: 'file' is a list")]
    [InlineData("file: &x a.u8\nshape: [1]", ":1: anchors")]
    [InlineData("file: {a: b}\nshape: [1]", ":1: not YAML")]
    [InlineData("file: \"a.u8", "not YAML")]
    [InlineData("- a", ":1: not YAML")]
    [InlineData("", "is empty")]
    [InlineData("file: b.u8\nshape: [1]", "there is no such file")]
    [InlineData("file: a.u8\nshape: [2]", "3 bytes are not a whole number of samples of 2 bytes")]
    [InlineData("file: a.u8\nshape: [1]\nlabels: two", "2 labels for 3 samples")]
    [InlineData("file: a.u8\nshape: [1]\nlabels: three\nclasses: 2", "label 2 is 2")]
    [InlineData("file: a.u8\nshape: [1]\nlabels: a.csv", "'column'")]
    [InlineData("file: a.u8\nshape: [1]\nlabels: a.csv\ncolumn: size", "no column 'size'")]
    [InlineData("file: a.u8\nshape: [1]\nlabels: a.csv\ncolumn: class", "a.csv:3: 'cat'")]
    [InlineData("file: a.u8\nshape: [1]\nlabels: ragged.csv\ncolumn: class", "ragged.csv:3: not CSV")]
    public void AContradictionNamesFileAndLine(string yaml, string why)
    {
        _folder.Write("a.u8", new byte[3]);
        _folder.Write("two", [0, 1]);
        _folder.Write("three", [0, 1, 2]);
        _folder.Write("a.csv", "class\n1\ncat\n2\n");
        _folder.Write("ragged.csv", "name,class\na,1\nb\n");

        Should.Throw<UserErrorException>(() => Open(yaml)).Message.ShouldContain(why);
    }

    [Fact]
    public void DeepNestingIsRefusedWithoutRecursion() =>
        Should.Throw<UserErrorException>(() => Open("file: " + new string('[', 60_000))).Message.ShouldContain("not YAML");

    [Fact]
    public void AnUnknownBuiltInSetListsThoseThatThereAre() =>
        Should.Throw<UserErrorException>(() => DataSpec.Open("set:kws02")).Message.ShouldContain("kws01");

    public void Dispose() => _folder.Dispose();

    private DataSet Open(string yaml) => DataSpec.Open($"set:{_folder.Write("set.yaml", yaml)}");
}
