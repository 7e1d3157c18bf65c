using Subbyte.Experiments;

namespace Subbyte.Tests.Reports;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1234.2, "1,234")]
    [InlineData(12.34, "12.3")]
    [InlineData(-1.234, "−1.23")]
    [InlineData(0.01234, "0.0123")]
    [InlineData(0.00001234, "1.2e−5")]
    [InlineData(double.NaN, "—")]
    [InlineData(double.PositiveInfinity, "—")]
    public void Numbers_have_three_significant_digits(double value, string text) => Quantity.Significant(value).ShouldBe(text);

    [Fact]
    public void Values_take_the_unit_that_suits_them()
    {
        Quantity.Memory.Format(270_000).ShouldBe("264 KiB");
        Quantity.Memory.Format(12).ShouldBe("12 B");
        Quantity.Energy.Format(188e6).ShouldBe("188 µJ");
        Quantity.Energy.Format(0.25).ShouldBe("0.250 pJ");
        Quantity.Count.Format(40_813_184).ShouldBe("40.8 M");
        Quantity.Count.Format(7).ShouldBe("7");
    }

    [Fact]
    public void Fractions_are_percentages_and_differences_points()
    {
        Quantity.Percent(0.91642).ShouldBe("91.64 %");
        Quantity.Percent(0.5, 0).ShouldBe("50 %");
        Quantity.Points(-0.0039).ShouldBe("−0.39");
        Quantity.Points(0.001).ShouldBe("+0.10");
        Quantity.Points(0).ShouldBe("0.00");
        Quantity.Percent(double.NaN).ShouldBe("—");
    }
}
