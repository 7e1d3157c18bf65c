using Subbyte.Formats;
using Subbyte.Methods.Fpec;
using static Subbyte.Methods.Fpec.CompensationMode;

namespace Subbyte.Tests.Methods.Fpec;

public class FpecFormatTests
{
    private const string Folder = "Methods/Fpec/";

    [Theory]
    [InlineData("d", 0)]
    [InlineData("d", 1)]
    [InlineData("d", 2)]
    [InlineData("dz", 0)]
    [InlineData("dz", 1)]
    [InlineData("dm", 0)]
    [InlineData("dm", 1)]
    public void Words_are_those_of_the_specification(string mode, int emb)
    {
        var format = FpecFormats.Of(FpecFormats.Mode(mode), emb, 1, 4, ZeroCode.Raw);
        foreach (var row in VectorTable.Read(Folder + "encode.vectors.txt"))
            format.Encode(row.Integer("k") / 256.0).ShouldBe(new FpecWord(row.Integer("q"), row.Integer(mode == "d" ? "d" : mode + emb)), row.ToString());
    }

    [Fact]
    public void The_free_zero_code_is_that_of_the_specification()
    {
        foreach (var row in VectorTable.Read(Folder + "zero-code.vectors.txt"))
        {
            var format = FpecFormats.Of(D, row.Integer("emb"), 1, 4, isNonNegative: true);
            row.Integers("k").Select(k => format.Encode(k / 256.0)).ShouldBe(row.Integers("error").Select(error => new FpecWord(0, error)), row.ToString());
        }
    }

    [Fact]
    public void Accumulators_are_encoded_as_the_specification_does()
    {
        var format = FpecFormats.Of(Dz, 1, 1, 4);
        foreach (var row in VectorTable.Read(Folder + "reencode.vectors.txt"))
        {
            var sum = row.Integer("Y");
            var word = format.Reencode(sum, 11);
            word.Code.ShouldBe(row.Integer("q"), row.ToString());
            (sum - (word.Code << 7)).ShouldBe(row.Integer("e"), row.ToString());
            word.Error.ShouldBe(row.Integer("EZB") == 1 ? 0 : row.Integer("EDB") == 1 ? -1 : 1, row.ToString());
        }
    }

    [Fact]
    public void Accumulators_and_their_real_values_have_the_same_words()
    {
        var random = new Random(3);
        for (var i = 0; i < 20000; i++)
        {
            var format = FpecFormats.Random(random, (CompensationMode)random.Next(4));
            var (sum, fractionBits) = (random.Next(-1 << random.Next(1, 24), 1 << random.Next(1, 24)), random.Next(-2, 22));
            format.Reencode(sum, fractionBits).ShouldBe(format.Encode(Math.ScaleB(sum, -fractionBits)), $"{sum} at 2^-{fractionBits} in {format}");
        }
    }

    [Theory]
    [InlineData(0.9, 3, 2)]
    [InlineData(1, 3, 1)]
    [InlineData(1.5, 8, 6)]
    [InlineData(0.25, 6, 6)]
    [InlineData(0.2, 6, 7)]
    [InlineData(0, 8, 15)]
    [InlineData(1e-6, 8, 15)]
    [InlineData(1e6, 8, -8)]
    [InlineData(0.99997, 16, 14)]
    [InlineData(0.99996, 16, 15)]
    public void Integer_bits_cover_the_maximum_in_words_of_sixteen_bits(double maximum, int bits, int fractionBits)
        => FpecFormat.FractionBits(maximum, bits).ShouldBe(fractionBits);

    [Fact]
    public void Estimates_are_as_far_off_as_the_mode_promises()
    {
        var random = new Random(5);
        for (var i = 0; i < 20000; i++)
        {
            var format = FpecFormats.Random(random, (CompensationMode)random.Next(4));
            var (lowest, highest) = (format.Lowest, format.Words.Highest);
            var value = Math.ScaleB(((highest - lowest) * random.NextDouble()) + lowest, -format.Words.FractionBits);
            var word = format.Encode(value);
            Math.Abs(word.Error).ShouldBeLessThanOrEqualTo(format.LargestError);
            word.Code.ShouldBeInRange(lowest, highest);
            var m = Math.ScaleB(1, -format.MagnitudeShift);
            if (format.Mode == D && word.Error != 0)
                Math.Abs(format.Decode(word) - value).ShouldBeLessThanOrEqualTo(format.Words.Scale / 2.0 * Math.Max(1 - m, m), $"{value} in {format}");
        }
    }

    [Fact]
    public void Sparse_compensation_goes_from_every_error_to_none()
    {
        var random = new Random(7);
        for (var i = 0; i < 5000; i++)
        {
            var value = (random.NextDouble() * 3.8) - 1.9;
            var emb = random.Next(3);
            FpecFormats.Of(Dz, emb, 1, 4, threshold: 0).Encode(value).ShouldBe(FpecFormats.Of(D, emb, 1, 4, ZeroCode.Raw).Encode(value));
            FpecFormats.Of(Dz, emb, 1, 4, threshold: 1.125).Encode(value).ShouldBe(FpecFormats.Of(N, emb, 1, 4).Encode(value));
            var errors = Enumerable.Range(0, 10).Select(step => Math.Abs(FpecFormats.Of(Dz, emb, 1, 4, threshold: step / 8.0).Encode(value).Error)).ToArray();
            errors.ShouldBe(errors.OrderDescending());
        }
    }

    [Theory]
    [InlineData(D)]
    [InlineData(Dz)]
    [InlineData(Dm)]
    public void Signed_tensors_are_symmetric_where_something_is_rounded(CompensationMode mode)
    {
        var random = new Random(9);
        var format = FpecFormats.Of(mode, 1, 1, 4);
        for (var i = 0; i < 5000; i++)
        {
            var value = (random.NextDouble() * 3.6) - 1.8;
            var (word, opposite) = (format.Encode(value), format.Encode(-value));
            if (value != Math.ScaleB(word.Code, -4)) opposite.ShouldBe(new FpecWord(-word.Code, -word.Error));
        }

        format.Encode(0.25).Error.ShouldBe(format.Encode(-0.25).Error, "an exact value has the positive direction, or none");
    }

    [Fact]
    public void Error_ratios_are_those_of_uniform_errors()
    {
        foreach (var row in VectorTable.Read(Folder + "error-ratios.vectors.txt"))
        {
            var format = FpecFormats.Of(FpecFormats.Mode(row["mode"]), row.Integer("emb"), 0, 9, ZeroCode.Raw);
            double before = 0, after = 0, compensated = 0;
            const int Samples = 400000;
            for (var i = 0; i < Samples; i++)
            {
                // Evenly spread over many steps, none of which saturates.
                var value = ((i + 0.5) / Samples * 1.8) - 0.9;
                var word = format.Encode(value);
                before += Math.Pow(value - Math.ScaleB(word.Code, -9), 2);
                after += Math.Pow(value - format.Decode(word), 2);
                compensated += word.Error != 0 ? 1 : 0;
            }

            (after / before).ShouldBe(row.Number("ratio"), 0.02 * row.Number("ratio"), row.ToString());
            (compensated / Samples).ShouldBe(row.Number("share"), 0.01, row.ToString());
        }
    }

    [Fact]
    public void Values_that_are_no_numbers_or_beyond_the_range_have_words()
    {
        var format = FpecFormats.Of(Dz, 1, 1, 4);
        format.Encode(double.NaN).ShouldBe(default);
        format.Encode(double.PositiveInfinity).ShouldBe(new FpecWord(31, 1));
        format.Encode(double.NegativeInfinity).ShouldBe(new FpecWord(-32, -1));
        (format with { Words = new FixedPointFormat(7, 5), IsNonNegative = true, IsUnsigned = true }).ComputationBits.ShouldBe(6);
    }
}
