using Subbyte.Networks;

namespace Subbyte.Tests.Networks;

public sealed class PreprocessingTests
{
    [Fact]
    public void TextIsReadBackToTheSameRule()
    {
        var rule = Preprocessing.Parse("order=RGB, scale=0.00392156862745098,mean=0.485/0.456/0.406,std=0.229/0.224/0.225");

        rule.Order.ShouldBe(ChannelOrder.Rgb);
        rule.Scale.ShouldBe(1f / 255);
        rule.Mean.ShouldBe([0.485f, 0.456f, 0.406f]);
        Preprocessing.Parse(rule.ToString()).ShouldBe(rule);
        Preprocessing.Parse(Preprocessing.Identity.ToString()).ShouldBe(Preprocessing.Identity);
    }

    [Fact]
    public void EachOperationIsRoundedOnce()
    {
        var rule = Preprocessing.Parse("order=RGB,scale=0.003921569,mean=0.485/0.456/0.406,std=0.229/0.224/0.225");
        var input = new float[3];

        rule.Apply([158, 7, 255], [3, 1, 1], input);

        for (var c = 0; c < 3; c++)
        {
            var scaled = (float)(new double[] { 158, 7, 255 }[c] * (double)rule.Scale);
            var centred = (float)((double)scaled - rule.Mean[c]);
            input[c].ShouldBe((float)((double)centred / rule.Std[c]));
        }
    }

    [Fact]
    public void BgrReversesTheChannelsBeforeTheMeanIsTaken()
    {
        var input = new float[6];

        Preprocessing.Parse("order=BGR,mean=1/2/3").Apply([10, 11, 20, 21, 30, 31], [3, 1, 2], input);

        input.ShouldBe([29f, 30f, 18f, 19f, 7f, 8f]);
    }

    [Fact]
    public void OneMeanIsThatOfEveryChannel()
    {
        var input = new float[4];

        Preprocessing.Parse("scale=2,mean=1,std=4").Apply([1, 2, 3, 4], [2, 2], input);

        input.ShouldBe([0.25f, 0.75f, 1.25f, 1.75f]);
    }

    [Theory]
    [InlineData("order=GRB")]
    [InlineData("scale=0")]
    [InlineData("scale=NaN")]
    [InlineData("scale=fast")]
    [InlineData("std=0/1/1")]
    [InlineData("std=-1")]
    [InlineData("mean=1/2,std=1/2/3")]
    [InlineData("order=RGB,mean=1/2")]
    [InlineData("scale=1,scale=2")]
    [InlineData("gamma=2.2")]
    [InlineData("mean=")]
    public void WhatCannotBeMeantIsOneLine(string text) =>
        Should.Throw<UserErrorException>(() => Preprocessing.Parse(text)).Message.ShouldStartWith("preprocessing: ");

    [Fact]
    public void ASampleWithOtherChannelsIsRefused() =>
        Should.Throw<UserErrorException>(() => Preprocessing.Parse("order=RGB,mean=1/2/3").Apply([1], [1, 1, 1], new float[1]))
            .Message.ShouldContain("3 channels");

    [Fact]
    public void AModelsListGivesTheRuleOfEachModel()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, """
            { "models": [
              { "file": "a.onnx", "preprocessing": { "order": "one channel, int8", "scale": 0.5, "mean": [3], "std": [1] } },
              { "file": "b.onnx", "preprocessing": { "order": "BGR", "scale": 1, "mean": [1, 2, 3], "std": [1, 1] } } ] }
            """);
        try
        {
            Preprocessing.FromModelsJson(path, "a.onnx").ShouldBe(Preprocessing.Parse("scale=0.5,mean=3"));
            Preprocessing.FromModelsJson(path, "c.onnx").ShouldBeNull();
            Should.Throw<UserErrorException>(() => Preprocessing.FromModelsJson(path, "b.onnx")).Message.ShouldContain(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"models\": 3}")]
    [InlineData("{\"models\": [3]}")]
    [InlineData("{\"models\": [{\"file\": \"a.onnx\"}]}")]
    [InlineData("{\"models\": [{\"file\": \"a.onnx\", \"preprocessing\": {\"order\": \"RGB\", \"scale\": 1, \"mean\": [\"x\"], \"std\": [1]}}]}")]
    [InlineData("{\"models\": [{\"file\": \"a.onnx\", \"preprocessing\": {\"order\": \"RGB\", \"scale\": 1e99, \"mean\": [1], \"std\": [1]}}]}")]
    public void AMalformedListIsOneLine(string json)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, json);
        try
        {
            Should.Throw<UserErrorException>(() => Preprocessing.FromModelsJson(path, "a.onnx")).Message.ShouldContain(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
