using Subbyte.Methods.Fpec;

namespace Subbyte.Tests.Methods.Fpec;

public class FpecActivationsTests
{
    [Theory]
    [InlineData(CompensationMode.N)]
    [InlineData(CompensationMode.D)]
    [InlineData(CompensationMode.Dz)]
    [InlineData(CompensationMode.Dm)]
    public void Vectors_of_values_have_the_words_of_single_values(CompensationMode mode)
    {
        var random = new Random((int)mode);
        for (var repetition = 0; repetition < 500; repetition++)
        {
            var format = FpecFormats.Random(random, mode);
            var activations = new FpecActivations(format);
            var values = new float[random.Next(1, 70)];
            for (var i = 0; i < values.Length; i++) values[i] = Value(random, format);
            var codes = new short[values.Length];
            activations.Encode(values, codes);
            for (var i = 0; i < values.Length; i++)
            {
                activations.Word(codes[i]).ShouldBe(format.Encode(values[i]), $"{values[i]:R} in {format}");
                activations.Range.Contains(codes[i]).ShouldBeTrue();
            }

            if (activations.Range.Count > 256) continue;
            var bytes = new byte[values.Length];
            activations.Encode(values, -activations.Range.Lowest, bytes);
            bytes.Select(code => code + activations.Range.Lowest).ShouldBe(codes.Select(code => (int)code));
        }
    }

    [Fact]
    public void Padding_is_a_word_of_no_value_and_no_error()
    {
        foreach (var mode in Enum.GetValues<CompensationMode>())
            new FpecActivations(FpecFormats.Of(mode, 1, 1, 4, ZeroCode.Raw)).Word(0).ShouldBe(default);
    }

    // Anything, with many on the edges of an eighth of half a step, far out, or no numbers.
    private static float Value(Random random, FpecFormat format) => random.Next(12) switch
    {
        0 => 0,
        1 => float.NaN,
        2 => float.PositiveInfinity,
        3 => (float)Math.ScaleB(random.NextDouble() - 0.5, random.Next(-60, 60)),
        < 8 => (float)Math.ScaleB(random.Next(-2000, 2000), -format.Words.FractionBits - 4),
        _ => (float)Math.ScaleB((random.NextDouble() - 0.5) * 300, -format.Words.FractionBits),
    };
}
