using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Subbyte.Formats;

namespace Subbyte.Tests.Formats;

public class RequantizerTests
{
    [Fact]
    public void The_float_requantizer_follows_the_vectors()
    {
        foreach (var row in VectorTable.Read("Formats/float-requantizer.vectors.txt"))
        {
            var scales = row.Floats("scales");
            var multiplier = FloatRequantizer.Multiplier(scales[0], scales[1], scales[2]);
            ((double)multiplier).ShouldBe(row.Number("multiplier"), row.ToString());
            ((double)(row.Integer("sum") * multiplier)).ShouldBe(row.Number("value"), row.ToString());
            new FloatRequantizer(multiplier, row.Integer("zero"), row.Integer("lowest"), row.Integer("highest"))
                .Requantize(row.Integer("sum")).ShouldBe(row.Integer("code"), row.ToString());
        }
    }

    [Fact]
    public void The_fixed_requantizer_follows_the_vectors()
    {
        foreach (var row in VectorTable.Read("Formats/fixed-requantizer.vectors.txt"))
        {
            var multiplier = row["float"] == "yes" ? row.Float("multiplier") : row.Number("multiplier");
            var requantizer = new FixedRequantizer(multiplier, 0, short.MinValue, short.MaxValue);
            requantizer.Mantissa.ShouldBe(row.Integer("mantissa"), row.ToString());
            requantizer.Shift.ShouldBe(row.Integer("shift"), row.ToString());
            row.Integers("sums").Select(requantizer.Requantize).ShouldBe(row.Integers("codes"), row.ToString());
        }
    }

    [Fact]
    public void The_fixed_requantizer_rounds_the_exact_product() => Check.QuickThrowOnFailure(Prop.ForAll<int, int>((sum, seed) =>
    {
        var multiplier = MathF.ScaleB(1 + (Math.Abs(seed % 8191) / 8192f), -20 + (Math.Abs(seed) % 21));
        var requantizer = new FixedRequantizer(multiplier, 3, -(1 << 30), 1 << 30);
        var product = new BigInteger(sum) * requantizer.Mantissa * 2;
        var unit = BigInteger.One << (requantizer.Shift + 1);
        var error = BigInteger.Abs(product - ((requantizer.Requantize(sum) - 3) * unit));
        return error * 2 <= unit;
    }));

    [Fact]
    public void The_two_requantizers_differ_by_at_most_one() => Check.QuickThrowOnFailure(Prop.ForAll<int, int>((sum, seed) =>
    {
        sum %= 1 << 24;
        var multiplier = MathF.ScaleB(1 + (Math.Abs(seed % 8191) / 8192f), -24 + (Math.Abs(seed) % 20));
        var code = new FloatRequantizer(multiplier, 128, 0, 255).Requantize(sum);
        return Math.Abs(code - new FixedRequantizer(multiplier, 128, 0, 255).Requantize(sum)) <= 1;
    }));

    [Fact]
    public void A_multiplier_that_rounds_up_to_two_to_the_31_moves_its_shift()
    {
        var requantizer = new FixedRequantizer(Math.BitDecrement(1.0), 0, -128, 127);
        requantizer.Mantissa.ShouldBe(1 << 30);
        requantizer.Shift.ShouldBe(30);
        requantizer.Requantize(77).ShouldBe(77);
    }

    [Fact]
    public void A_tiny_multiplier_gives_the_zero_point() => new FixedRequantizer(Math.ScaleB(1, -40), 5, 0, 255).Requantize(int.MaxValue).ShouldBe(5);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1 << 30)]
    [InlineData(double.NaN)]
    public void Multipliers_without_a_form_are_refused(double multiplier)
        => Should.Throw<ArgumentOutOfRangeException>(() => new FixedRequantizer(multiplier, 0, 0, 255));

    [Theory]
    [InlineData(5, 1, 2)]
    [InlineData(7, 1, 4)]
    [InlineData(-5, 1, -2)]
    [InlineData(-7, 1, -4)]
    [InlineData(6, 2, 2)]
    [InlineData(3, -2, 12)]
    [InlineData(-3, -2, -12)]
    [InlineData(long.MaxValue / 2, 63, 0)]
    public void Shifts_round_half_to_even(long value, int shift, long expected) => RoundingShift.Right(value, shift).ShouldBe(expected);
}
