using FsCheck;
using FsCheck.Fluent;
using Subbyte.Calibration;
using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Tests.Calibration;

public class GridTests
{
    [Fact]
    public void Vectors_of_the_specification_hold()
    {
        foreach (var row in VectorTable.Read("Calibration/grids.vectors.txt"))
        {
            var range = row.Numbers("range");
            var bits = row.Integer("bits");
            var grid = row["kind"] switch
            {
                "asymmetric" => UniformGrid.Asymmetric(range[0], range[1], bits),
                "narrow" => UniformGrid.Narrow(range[0], bits),
                _ => new UniformGrid((float)range[0], 0, CodeRange.Signed(bits)),
            };
            grid.Scale.ShouldBe(row.Float("scale"), row.ToString());
            grid.ZeroPoint.ShouldBe(row.Integer("zero"), row.ToString());
            row.Floats("values").Select(grid.Quantize).ShouldBe(row.Integers("codes"), row.ToString());

            var activations = new UniformActivations("test", grid.Codes, grid.Scale, grid.ZeroPoint, bits, Rounding.HalfEven);
            var codes = new short[row.Floats("values").Length];
            activations.Encode(row.Floats("values"), codes);
            codes.Select(code => (int)code).ShouldBe(row.Integers("codes"), row.ToString());
        }
    }

    [Fact]
    public void An_empty_range_has_step_one_and_the_code_of_zero()
    {
        foreach (var grid in new[] { UniformGrid.Narrow(0, 8), UniformGrid.Signed(0, 8), UniformGrid.Unsigned(0, 8), UniformGrid.Asymmetric(0, 0, 8) })
        {
            grid.Scale.ShouldBe(1);
            grid.ZeroPoint.ShouldBe(0);
        }

        UniformGrid.Asymmetric(0, 0, 8, signed: true).ZeroPoint.ShouldBe(-128);
    }

    [Fact]
    public void Signed_asymmetric_codes_are_unsigned_ones_less_half_the_range()
    {
        var unsigned = UniformGrid.Asymmetric(-1.3, 2.55, 8);
        var signed = UniformGrid.Asymmetric(-1.3, 2.55, 8, signed: true);
        signed.ShouldBe(unsigned.Shifted(-128));
    }

    [Fact]
    public void A_narrow_grid_never_uses_its_smallest_two_complement_code()
        => UniformGrid.Narrow(1, 8).Quantize(-5).ShouldBe(-127);

    [Fact]
    public void A_signed_grid_saturates_to_the_full_range()
        => UniformGrid.Signed(1, 8).Quantize(-5).ShouldBe(-128);

    [Fact]
    public void Infinities_saturate()
    {
        var grid = UniformGrid.Asymmetric(-1, 3, 8);
        grid.Quantize(float.PositiveInfinity).ShouldBe(255);
        grid.Quantize(float.NegativeInfinity).ShouldBe(0);
    }

    [Fact]
    public void Every_code_is_the_code_of_its_value() => Check.QuickThrowOnFailure(Prop.ForAll(Grids(), grid =>
        Enumerable.Range(grid.Codes.Lowest, grid.Codes.Count).All(code => grid.Quantize(grid.Dequantize(code)) == code)));

    [Fact]
    public void Zero_is_exact() => Check.QuickThrowOnFailure(Prop.ForAll(Grids(), grid =>
        grid.Quantize(0) == grid.ZeroPoint && grid.Codes.Contains(grid.ZeroPoint) && grid.Dequantize(grid.ZeroPoint) == 0));

    [Fact]
    public void Narrow_codes_are_odd_and_near_their_values() => Check.QuickThrowOnFailure(Prop.ForAll(Values(), values =>
    {
        var clip = MinMaxClip.Of(values);
        return Enumerable.Range(2, 15).All(bits =>
        {
            var grid = UniformGrid.Narrow(clip, bits);
            return values.All(value =>
            {
                var code = grid.Quantize(value);
                var bound = (grid.Scale / 2.0) + (Math.Abs(value) * 1e-6);
                return grid.Quantize(-value) == -code && Math.Abs(value - grid.Dequantize(code)) <= bound;
            });
        });
    }));

    private static Arbitrary<float[]> Values()
        => Gen.Choose(-1_000_000, 1_000_000).Select(n => n / 65536f).ArrayOf().Where(values => values.Length > 0).ToArbitrary();

    private static Arbitrary<UniformGrid> Grids()
        => (from bits in Gen.Choose(2, 12)
            from low in Gen.Choose(-5000, 5000)
            from high in Gen.Choose(1, 5000)
            from kind in Gen.Choose(0, 4)
            select kind switch
            {
                0 => UniformGrid.Narrow(high / 7.0, bits),
                1 => UniformGrid.Signed(high / 7.0, bits),
                2 => UniformGrid.Unsigned(high / 7.0, bits),
                _ => UniformGrid.Asymmetric(low / 7.0, (low + high) / 7.0, bits, signed: kind == 3),
            }).ToArbitrary();
}
