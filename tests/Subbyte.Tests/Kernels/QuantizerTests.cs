using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

[Collection(InstructionSetCollection.Name)]
public sealed class QuantizerTests
{
    private static readonly float[] Special =
    [
        0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon,
        0.5f, -0.5f, 1.5f, -1.5f, 2.5f, -2.5f, 0.49999997f, -0.49999997f, 126.5f, 127.5f, 254.5f, 255.5f, 256f, -128.5f, 8388609f, 1e20f, 3e9f, -3e9f,
    ];

    [Theory]
    [InlineData(1f, 0, 0, 255)]
    [InlineData(1f, 128, 0, 255)]
    [InlineData(0.037f, 7, 0, 255)]
    [InlineData(0.1f, 3, 2, 14)]
    [InlineData(0f, 5, 0, 255)]
    [InlineData(float.Epsilon, 0, 0, 255)]
    public void Codes_follow_the_definition_on_every_instruction_set(float scale, int zeroPoint, int min, int max)
    {
        for (var length = 0; length < 100; length++)
        {
            var x = Values(length);
            foreach (var rounding in Enum.GetValues<Rounding>())
            {
                var expected = x.Select(v => Definition(v, scale, zeroPoint, min, max, rounding)).ToArray();
                var signed = x.Select(v => Definition(v, scale, zeroPoint - 200, min - 200, max - 200, rounding)).ToArray();
                InstructionSets.ForEach(set =>
                {
                    var bytes = new byte[length];
                    Quantizer.ToUInt8(x, scale, zeroPoint, min, max, bytes, rounding);
                    bytes.Select(b => (int)b).ShouldBe(expected, $"{set}");
                    var shorts = new short[length];
                    Quantizer.ToInt16(x, scale, zeroPoint - 200, min - 200, max - 200, shorts, rounding);
                    shorts.Select(s => (int)s).ShouldBe(signed, $"{set}");
                });
            }
        }
    }

    [Fact]
    public void Values_around_ties_get_the_code_of_their_true_quotient()
    {
        var random = new Random(4);
        for (var trial = 0; trial < 200; trial++)
        {
            var scale = MathF.Pow(10, (random.NextSingle() * 8) - 4) * (1 + random.NextSingle());
            var x = Arrays.Of(640, () => (random.Next(-2, 258) + 0.5f) * scale);
            for (var i = 0; i < x.Length; i++)
            {
                for (var step = random.Next(-4, 5); step != 0; step -= Math.Sign(step)) x[i] = step > 0 ? MathF.BitIncrement(x[i]) : MathF.BitDecrement(x[i]);
            }

            var expected = x.Select(value => Definition(value, scale, 0, 0, 255, Rounding.HalfEven)).ToArray();
            InstructionSets.ForEach(set =>
            {
                var codes = new byte[x.Length];
                Quantizer.ToUInt8(x, scale, 0, 0, 255, codes);
                codes.Select(code => (int)code).ShouldBe(expected, $"{set}, scale {scale:R}");
            });
        }
    }

    [Fact]
    public void Halves_go_away_from_zero_as_in_term_revealing()
    {
        // m = floor((double)(|x| / Δ) + 0.5), clamped, with the sign of x.
        var random = new Random(3);
        var x = Arrays.Of(2000, () => (float)(random.Next(-600, 600) / 2.0));
        InstructionSets.ForEach(_ =>
        {
            var codes = new short[x.Length];
            Quantizer.ToInt16(x, 1f, 0, -127, 127, codes, Rounding.HalfAwayFromZero);
            codes.ShouldBe(x.Select(v => (short)(Math.Sign(v) * Math.Min(Math.Floor((double)MathF.Abs(v) + 0.5), 127))));
        });
    }

    [Fact]
    public void Wrong_lengths_and_ranges_are_refused()
    {
        Should.Throw<ArgumentException>(() => Quantizer.ToUInt8(new float[2], 1, 0, 0, 255, new byte[1]));
        Should.Throw<ArgumentException>(() => Quantizer.ToUInt8(new float[1], 1, 0, -1, 255, new byte[1]));
        Should.Throw<ArgumentException>(() => Quantizer.ToInt16(new float[1], 1, 0, 5, 4, new short[1]));
    }

    private static float[] Values(int length)
    {
        var random = new Random(length);
        return Arrays.Of(length, () => random.Next(3) == 0 ? Special[random.Next(Special.Length)] : (random.NextSingle() * 60) - 30);
    }

    private static int Definition(float x, float scale, int zeroPoint, int min, int max, Rounding rounding)
    {
        double quotient = x / scale;
        if (double.IsNaN(quotient)) quotient = 0;
        var rounded = rounding == Rounding.HalfEven
            ? Math.Round(quotient, MidpointRounding.ToEven)
            : Math.CopySign(Math.Floor(Math.Abs(quotient) + 0.5), quotient);
        return (int)Math.Clamp(rounded, min - zeroPoint, max - zeroPoint) + zeroPoint;
    }
}
