using Subbyte.Data;
using Subbyte.Networks;

namespace Subbyte.Tests.Data;

public sealed class PreprocessedSamplesTests
{
    private static readonly DataSet Grey = new(new RawRecords([0, 1, 2, 3, 4, 5, 6, 7], 2, [1, 2, 2]), "grey", "all");

    [Fact]
    public void SamplesAreReadAsTheNetworkTakesThem()
    {
        var samples = PreprocessedSamples.Fit(Grey, Preprocessing.Parse("scale=2,mean=1"), [1, -1, -1], "m");
        var input = new float[4];

        samples.Read(1, input);

        samples.SampleShape.ToArray().ShouldBe([1, 2, 2]);
        input.ShouldBe([7f, 9f, 11f, 13f]);
        Should.Throw<ArgumentException>(() => samples.Read(1, new float[5]));
    }

    [Theory]
    [InlineData(new[] { 4 }, new[] { 4 })]
    [InlineData(new[] { 2, 2 }, new[] { 2, 2 })]
    [InlineData(new[] { 1, 1, 2, 2 }, new[] { 1, 1, 2, 2 })]
    [InlineData(new[] { -1, 2, 2 }, new[] { 1, 2, 2 })]
    [InlineData(new[] { 0 }, new[] { 4 })]
    public void AVectorOrMissingOnesFit(int[] input, int[] expected) =>
        PreprocessedSamples.Fit(Grey, Preprocessing.Identity, input, "m").SampleShape.ToArray().ShouldBe(expected);

    [Theory]
    [InlineData(new[] { 3, 2, 2 }, "3x2x2")]
    [InlineData(new[] { 5 }, "5")]
    [InlineData(new[] { 2, 3 }, "2x3")]
    [InlineData(new[] { -1, 3, 2 }, "?x3x2")]
    public void AMisfitNamesBothShapes(int[] input, string name) =>
        Should.Throw<UserErrorException>(() => PreprocessedSamples.Fit(Grey, Preprocessing.Identity, input, "m.onnx"))
            .Message.ShouldStartWith($"m.onnx takes inputs of {name}, the samples of grey are 1x2x2");

    [Fact]
    public void ARuleForOtherChannelsIsRefused() =>
        Should.Throw<UserErrorException>(() => new PreprocessedSamples(Grey, Preprocessing.Parse("order=RGB")));
}
