using Subbyte.Data;
using Subbyte.Data.Images;
using Subbyte.Networks;

namespace Subbyte.Tests.Data.Images;

public sealed class ImagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void AFolderWithoutAListIsUnlabelledAndInOrdinalOrder()
    {
        foreach (var (name, value) in new[] { ("b.png", 20), ("C.PNG", 30), ("a.png", 10) }) _folder.Write(name, PngFile.Rgb(8, 8, (_, _, _) => value));
        _folder.Write("notes.txt", "not an image");

        var data = Open();

        (data.Count, data.HasLabels).ShouldBe((3, false));
        Enumerable.Range(0, 3).Select(i => Sample(data, Preprocessing.Identity, i, 3, 8, 8)[0]).ShouldBe([30f, 10f, 20f]);
    }

    [Theory]
    [InlineData("file,class\nb.png,7\na.png,3\n")]
    [InlineData("label,file,note\n7,b.png,\"x, y\"\n3,a.png,\n")]
    [InlineData("file,class,photo_included\nabsent.png,9,0\nb.png,7,1\na.png,3,1\n")]
    public void AListGivesOrderAndLabels(string list)
    {
        _folder.Write("a.png", PngFile.Rgb(8, 8, (_, _, _) => 1));
        _folder.Write("b.png", PngFile.Rgb(8, 8, (_, _, _) => 2));
        _folder.Write("labels.csv", list);

        var data = Open();

        (data.Count, data.Label(0), data.Label(1), data.ClassCount).ShouldBe((2, 7, 3, 8));
        Sample(data, Preprocessing.Identity, 0, 3, 8, 8)[0].ShouldBe(2);
        data.Sha256.Length.ShouldBe(64);
    }

    [Theory]
    [InlineData("class\n1\n", "no column 'file'")]
    [InlineData("file\na.png\n", "no column 'label'")]
    [InlineData("file,class\n", "lists no image")]
    [InlineData("file,class\na.png,-1\n", "labels.csv:2: '-1'")]
    [InlineData("file,class\na.png,1000000\n", "is not a label")]
    [InlineData("file,class\na.png,99999999999\n", "is not a label")]
    [InlineData("file,class\nabsent.png,1\n", "labels.csv:2: there is no file")]
    [InlineData("file,class\n../a.png,1\n", "is not a file below")]
    [InlineData("file,class\n/etc/passwd,1\n", "is not a file below")]
    [InlineData("file,class\na.png\n", "not CSV")]
    public void ABadListIsRefused(string list, string text)
    {
        _folder.Write("a.png", PngFile.Rgb(8, 8, (_, _, _) => 1));
        _folder.Write("labels.csv", list);
        Should.Throw<UserErrorException>(Open).Message.ShouldContain(text);
    }

    [Fact]
    public void AFolderWithoutImagesIsRefused()
    {
        Should.Throw<UserErrorException>(Open).Message.ShouldContain("holds no .jpg");
        Should.Throw<UserErrorException>(() => DataSpec.Open($"images:{_folder["absent"]}")).Message.ShouldContain("is not a folder");
        Should.Throw<UserErrorException>(() => DataSpec.Open($"images:{_folder.Path}#train")).Message.ShouldContain("no splits");
    }

    [Fact]
    public void AFileOfAnotherFormatIsNamedWhenItIsRead()
    {
        _folder.Write("a.jpg", "GIF89a");
        Should.Throw<UserErrorException>(() => Sample(Open(), Preprocessing.Identity, 0, 3, 8, 8)).Message.ShouldStartWith($"{_folder["a.jpg"]}: it begins neither as a JPEG nor as a PNG");
    }

    [Fact]
    public void AnImageOfTheNetworksSizeIsTakenAsItIs()
    {
        _folder.Write("a.png", PngFile.Rgb(8, 6, (x, y, c) => (x * 20) + (y * 7) + c));
        var values = Sample(Open(), Preprocessing.Identity, 0, 3, 6, 8);
        for (var i = 0; i < values.Length; i++) values[i].ShouldBe((i % 8 * 20) + (i / 8 % 6 * 7) + (i / 48));
    }

    [Theory]
    [InlineData("", 32, 37)]
    [InlineData("resize=40", 32, 40)]
    [InlineData("resize=224,crop=224", 224, 224)]
    public void TheShortSideComesFromTheRuleOrTheCrop(string rule, int crop, int shortSide)
    {
        var fit = ImageFit.For([3, rule.Contains("crop", StringComparison.Ordinal) ? -1 : crop, -1], Preprocessing.Parse(rule + (rule.Contains("crop", StringComparison.Ordinal) ? "" : $",crop={crop}")));
        (fit.Height, fit.Width, fit.ShortSide).ShouldBe((crop, crop, shortSide));
        fit.Scaled(500, 375).ShouldBe(((long)Math.Round(500.0 * shortSide / 375), shortSide));
    }

    [Fact]
    public void TheScaledPhotoCoversAnOblongInput()
    {
        var fit = ImageFit.For([3, 90, 120], Preprocessing.Parse("resize=90"));
        fit.Scaled(400, 300).ShouldBe((120, 90));
        fit.Scaled(300, 300).ShouldBe((120, 120));
        fit.Scaled(900, 300).ShouldBe((270, 90));
        fit.Scaled(1, 10000).ShouldBe((120, 1200000));
    }

    [Fact]
    public void ARuleThatCutsMoreThanThereIsIsRefused()
    {
        _folder.Write("a.png", PngFile.Rgb(8, 8, (_, _, _) => 1));
        Should.Throw<UserErrorException>(() => Sample(Open(), Preprocessing.Parse("resize=7"), 0, 3, 8, 8)).Message.ShouldContain("resize=7 is less than");
        Should.Throw<UserErrorException>(() => Preprocessing.Parse("resize=5000")).Message.ShouldContain("1..4096");
        Should.Throw<UserErrorException>(() => Sample(Open(), Preprocessing.Identity, 0, 4, 8, 8)).Message.ShouldContain("takes inputs of 4x8x8");
        Preprocessing.Parse(Preprocessing.Parse("crop=8,resize=9").ToString()).ShouldBe(Preprocessing.Parse("resize=9,crop=8"));
    }

    [Fact]
    public void AGreyNetworkTakesLuma()
    {
        _folder.Write("a.png", PngFile.Rgb(4, 4, (_, _, c) => new[] { 255, 0, 128 }[c]));
        Sample(Open(), Preprocessing.Identity, 0, 1, 4, 4).ShouldAllBe(value => value == 91);
        _folder.Write("a.png", new PngFile(4, 4, 8, 0).Encode((x, y, _) => (x * 60) + y));
        Sample(Open(), Preprocessing.Identity, 0, 1, 4, 4)[7].ShouldBe(181);
    }

    /// <summary>A photo of one colour keeps it, and a ramp keeps its mean, whatever the sizes: weights sum to one.</summary>
    [Theory]
    [InlineData(1, 1, 8)]
    [InlineData(300, 7, 8)]
    [InlineData(9, 200, 64)]
    public void ScalingKeepsAColour(int width, int height, int side)
    {
        _folder.Write("a.png", PngFile.Rgb(width, height, (_, _, c) => 100 + (c * 50)));
        var values = Sample(Open(), Preprocessing.Identity, 0, 3, side, side);
        for (var i = 0; i < values.Length; i++) values[i].ShouldBe(100 + (i / (side * side) * 50));
    }

    [Fact]
    public void ShrinkingAveragesOverTheSource()
    {
        // Stripes of 0 and 200 by columns, shrunk by four: a filter that only samples would show one of them.
        _folder.Write("a.png", PngFile.Rgb(64, 64, (x, _, _) => x % 2 * 200));
        Sample(Open(), Preprocessing.Parse("resize=16"), 0, 3, 16, 16).ShouldAllBe(value => Math.Abs(value - 100) <= 8);
    }

    [Fact]
    public void AMissingLibraryIsNamedWithItsPackage()
    {
        var message = Should.Throw<UserErrorException>(() => TurboJpeg.Require(TurboJpeg.Find(["libturbojpeg-absent.so"]), "a.jpg")).Message;
        message.ShouldStartWith("a.jpg: decoding JPEG needs libturbojpeg");
        message.ShouldContain("libturbojpeg0");
    }

    [Fact]
    public void AFewReadersAtOnceReadTheSame()
    {
        for (var i = 0; i < 6; i++) _folder.Write($"{i}.png", PngFile.Rgb(40 + i, 50 - i, (x, y, c) => ((x * 5) + (y * 3) + (c * 11) + (i * 29)) & 0xff));
        var data = Open();
        var expected = Enumerable.Range(0, 6).Select(i => Sample(data, Preprocessing.Identity, i, 3, 16, 16)).ToArray();
        Parallel.For(0, 60, i => Sample(data, Preprocessing.Identity, i % 6, 3, 16, 16).ShouldBe(expected[i % 6]));
    }

    public void Dispose() => _folder.Dispose();

    private static float[] Sample(DataSet data, Preprocessing rule, int index, params int[] input)
    {
        var samples = PreprocessedSamples.Fit(data, rule, input, "model.onnx");
        samples.SampleShape.ToArray().ShouldBe(input);
        var values = new float[input.Aggregate(1, (product, dimension) => product * dimension)];
        samples.Read(index, values);
        return values;
    }

    private DataSet Open() => DataSpec.Open($"images:{_folder.Path}");
}
