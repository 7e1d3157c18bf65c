using Subbyte.Data;

namespace Subbyte.Tests.Data;

public sealed class GlyphsTests
{
    [Theory]
    [InlineData("glyphs#0-99", "cba1271310e3531e2727237a19e2b2f78e3512ba2ff379ea0282dec6b1cf9a5f")]
    [InlineData("glyphs#train:19900-19999", "06967cdee10a00fee80818833b82bdbba32687e73cf42b766c9678f8e24df1bc")]
    [InlineData("glyphs:classes=10,size=20,difficulty=1,seed=7#0-99", "5b1d6ec9ffffe324c74cb96b3fc4db31e6e592e940e52853ed80f39b0afbaadb")]
    [InlineData("glyphs:difficulty=0,size=32#0-99", "61bf4292eda9f54e612fbb1b42499d606f1c22a0bdeaa122c2256a4c13d395f7")]
    public void TheSameBytesComeOutOnEveryMachine(string spec, string sha256) => DataSpec.Open(spec).Sha256.ShouldBe(sha256);

    [Fact]
    public void TheSplitsShareNoGlyph()
    {
        DataSpec.Open("glyphs:train=2000#train").CountSharedSamples(DataSpec.Open("glyphs:test=2000")).ShouldBe(0);
        DataSpec.Open("glyphs:seed=1").CountSharedSamples(DataSpec.Open("glyphs:seed=2")).ShouldBe(0);
    }

    [Fact]
    public void CountsAndShapesAreAsAskedAndEveryClassOccurs()
    {
        var data = DataSpec.Open("glyphs:classes=12,size=20,train=1234,test=567#train");

        (data.Count, data.Split, data.ClassCount).ShouldBe((1234, "train", 12));
        DataSpec.Open("glyphs:train=1234,test=567").Count.ShouldBe(567);
        data.SampleShape.ToArray().ShouldBe([1, 20, 20]);
        var perClass = Enumerable.Range(0, data.Count).CountBy(data.Label).ToDictionary();
        perClass.Count.ShouldBe(12);
        perClass.Values.Min().ShouldBeGreaterThan(60);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 12)]
    [InlineData(1, 32)]
    public void EveryGlyphHasInkOnItsGround(double difficulty, int size)
    {
        var data = DataSpec.Open($"glyphs:difficulty={difficulty},size={size},test=500");
        var pixels = new float[data.SampleLength];
        for (var i = 0; i < data.Count; i++)
        {
            data.Read(i, pixels);
            pixels.ShouldAllBe(pixel => pixel >= 0 && pixel <= 255 && pixel == MathF.Floor(pixel));
            (pixels.Max() - pixels.Min()).ShouldBeGreaterThan(40);
        }
    }

    [Theory]
    [InlineData("glyphs:classes=1", "2..16")]
    [InlineData("glyphs:size=33", "12..32")]
    [InlineData("glyphs:difficulty=hard", "0..1")]
    [InlineData("glyphs:train=0", "integer ≥ 1")]
    [InlineData("glyphs:shapes=3", "classes=")]
    [InlineData("glyphs:size", "size=")]
    public void AnOptionOutOfRangeNamesTheRange(string spec, string range)
    {
        var message = Should.Throw<UserErrorException>(() => DataSpec.Open(spec)).Message;
        message.ShouldStartWith($"data '{spec}': ");
        message.ShouldContain(range);
    }
}
