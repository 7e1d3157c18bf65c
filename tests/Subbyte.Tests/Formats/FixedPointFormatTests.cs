using Subbyte.Formats;

namespace Subbyte.Tests.Formats;

public class FixedPointFormatTests
{
    [Fact]
    public void Vectors_of_the_specification_hold()
    {
        foreach (var row in VectorTable.Read("Formats/fixed-point.vectors.txt"))
        {
            var format = FixedPointFormat.For(row.Number("maximum"), row.Integer("bits"));
            format.FractionBits.ShouldBe(row.Integer("fraction"), row.ToString());
            format.Quantize(row.Float("maximum")).ShouldBe(row.Integer("code"), row.ToString());
        }
    }

    [Fact]
    public void The_format_is_the_finest_that_does_not_saturate()
    {
        var random = new Random(5);
        for (var repetition = 0; repetition < 2000; repetition++)
        {
            var maximum = (double)(float)(random.NextDouble() * Math.Pow(2, random.Next(-40, 40)));
            var bits = random.Next(2, 17);
            var format = FixedPointFormat.For(maximum, bits);
            Math.Round(Math.ScaleB(maximum, format.FractionBits)).ShouldBeLessThanOrEqualTo(format.Highest);
            Math.Round(Math.ScaleB(maximum, format.FractionBits + 1)).ShouldBeGreaterThan(format.Highest);
        }
    }

    [Fact]
    public void Codes_saturate_to_the_full_range()
    {
        var format = new FixedPointFormat(8, 4);
        format.Quantize(-100).ShouldBe(-128);
        format.Quantize(100).ShouldBe(127);
        format.Quantize(float.NegativeInfinity).ShouldBe(-128);
    }

    [Fact]
    public void Extreme_maxima_have_a_normal_scale()
    {
        float.IsNormal(FixedPointFormat.For(float.Epsilon, 16).Scale).ShouldBeTrue();
        float.IsNormal(FixedPointFormat.For(float.MaxValue, 2).Scale).ShouldBeTrue();
    }

    [Fact]
    public void Products_are_requantized_by_a_rounding_shift()
    {
        var format = new FixedPointFormat(8, 4);
        format.Requantize(24, 8).ShouldBe(2); // 1.5
        format.Requantize(40, 8).ShouldBe(2); // 2.5
        format.Requantize(3, 3).ShouldBe(6);
        format.Requantize(1 << 20, 8).ShouldBe(127);
    }
}
