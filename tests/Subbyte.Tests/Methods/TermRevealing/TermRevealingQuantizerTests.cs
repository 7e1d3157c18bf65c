using Subbyte.Formats;
using Subbyte.Lowering;
using Subbyte.Methods.TermRevealing;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.TermRevealing;

public class TermRevealingQuantizerTests
{
    [Fact]
    public void QuantizesTheValuesOfTheSpecification()
    {
        foreach (var row in VectorTable.Read("Methods/TermRevealing/quantizer.vectors.txt"))
        {
            var values = row.Floats("values");
            var codes = new short[values.Length];
            TermRevealingQuantizer.Encode(values, row.Float("scale"), row.Integer("bits"), codes);
            codes.Select(code => (int)code).ShouldBe(row.Integers("codes"), row.ToString());
        }
    }

    [Fact]
    public void WeightsReachBothEndsOfTheirRange()
    {
        var plane = TermRevealingQuantizer.Weights(Layers.FullyConnected(1, 6, [0.5f, -1.0f, 0.3f, 0.74f, 0.875f, -0.05f]), bits: 3).Single;
        plane.Scales.ShouldBe([0.25f]);
        plane.Codes.ShouldBe(new short[] { 2, -4, 1, 3, 4, 0 });
        TermRevealingQuantizer.Weights(Layers.FullyConnected(2, 1, [1, -1]), bits: 8).Single.Codes.ShouldBe(new short[] { 128, -128 });
    }

    [Fact]
    public void AllZeroWeightsAndDataHaveAScaleOfOne()
    {
        TermRevealingQuantizer.Weights(Layers.FullyConnected(1, 2, [0, 0]), bits: 8).Single.Scales.ShouldBe([1f]);
        TermRevealingQuantizer.DataScale(new SampleStatistics(0, 0), new TermRevealingOptions()).ShouldBe(1);
        TermRevealingQuantizer.DataScale(new SampleStatistics(0, 0), new TermRevealingOptions { Grid = ScaleGrid.Repo }).ShouldBe(1);
    }

    [Theory]
    [InlineData(8, 3, SignedDigitEncoding.Hese)]
    [InlineData(8, 1, SignedDigitEncoding.Hese)]
    [InlineData(4, 2, SignedDigitEncoding.Binary)]
    public void TheDataScaleHasTheLeastErrorOfItsGrid(int bits, int terms, SignedDigitEncoding encoding)
    {
        float[] values = [.. NormalLike.Samples(3, 5000).Select(v => Math.Abs(v) / 65536f)];
        ILayerStatistics statistics = new SampleStatistics(values);
        var options = new TermRevealingOptions { DataBits = bits, Terms = terms, Encoding = encoding };
        var histogram = statistics.AbsoluteHistogram.ToArray();
        double largest = statistics.AbsoluteMaximum;
        double Error(float scale) => histogram.Select((count, bin) =>
        {
            var value = (bin + 0.5) * largest / 2048;
            var magnitude = (int)Math.Min(Math.Floor((value / scale) + 0.5), (1 << bits) - 1);
            return count * Math.Pow(value - (scale * SignedDigits.Leading(encoding, magnitude, terms)), 2);
        }).Sum();

        var candidates = Enumerable.Range(16, 49).Select(j => (float)(largest / ((1 << bits) - 1) * (j / 64.0))).ToArray();
        TermRevealingQuantizer.DataScale(statistics, options).ShouldBe(candidates.MinBy(Error));
    }

    [Fact]
    public void TheReleasedGridCannotReachSmallScales()
    {
        var statistics = new SampleStatistics(0, 0.5f, 1);
        TermRevealingQuantizer.DataScale(statistics, new TermRevealingOptions { Grid = ScaleGrid.Repo, Terms = 8 })
            .ShouldBeOneOf([.. Enumerable.Range(0, 2048).Select(j => (float)(1e-8 + (j * (50 - 1e-8) / 2047)))]);
    }

    [Fact]
    public void DataAreSignedOnlyWhereCalibrationSawNegativeValues()
    {
        var options = new TermRevealingOptions();
        TermRevealingQuantizer.Data(new SampleStatistics(0, 2), options).Range.ShouldBe(new CodeRange(0, 255));
        var signed = TermRevealingQuantizer.Data(new SampleStatistics(-1, 2), options);
        signed.Range.ShouldBe(new CodeRange(-255, 255));
        signed.Bits.ShouldBe(9);
    }
}
