using MathNet.Numerics.Distributions;
using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.OneHot;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.Logarithmic;

public class LogarithmicTests
{
    private static readonly MagnitudeCodebook Linear = MagnitudeCodebook.PowersOfTwo(7);
    private static readonly MagnitudeCodebook Log = MagnitudeCodebook.PowersOfTwo(7, nearestExponent: true);

    [Fact]
    public void Codes_follow_the_vectors()
    {
        foreach (var row in VectorTable.Read("Methods/Logarithmic/codes.vectors.txt"))
        {
            Encode(Linear, row.Float("values")).ShouldBe(row.Integer("linear"), row.ToString());
            Encode(Log, row.Float("values")).ShouldBe(row.Integer("log"), row.ToString());
        }
    }

    [Fact]
    public void The_vector_form_is_the_codebook_for_every_length_and_sign()
    {
        var random = new Random(6);
        foreach (var codebook in new[] { Linear, Log, MagnitudeCodebook.PowersOfTwo(1), MagnitudeCodebook.PowersOfTwo(15), HotCodebook.Of(2), HotCodebook.Of(7) })
        {
            foreach (var isNonNegative in new[] { false, true })
            {
                const float scale = 0.37f;
                var quantizer = new ThresholdActivations("test", codebook, scale, isNonNegative, 4);
                for (var length = 0; length < 80; length++)
                {
                    var values = Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-4, 18)))).ToArray();
                    for (var i = 0; i < length; i += 5) values[i] = scale * random.Next(-260, 260) / 2;
                    if (length > 33) (values[0], values[1], values[33]) = (float.PositiveInfinity, float.NaN, float.NegativeInfinity);
                    var codes = new short[length];
                    quantizer.Encode(values, codes);
                    var expected = values.Select(value =>
                    {
                        var level = codebook.Quantize(Math.Abs(value / scale));
                        return float.IsNaN(value) ? (short)0 : value >= 0 ? level : isNonNegative ? (short)0 : (short)-level;
                    });
                    codes.ShouldBe(expected);
                    if (quantizer.Range.Count > 256) continue;
                    var bytes = new byte[length];
                    quantizer.Encode(values, -quantizer.Range.Lowest, bytes);
                    bytes.Select(code => (short)(code + quantizer.Range.Lowest)).ShouldBe(codes);
                }
            }
        }
    }

    [Fact]
    public void Every_code_is_the_code_of_its_value_and_codes_are_odd_and_monotone()
    {
        foreach (var codebook in new[] { Linear, Log })
        {
            foreach (var level in codebook.Levels.ToArray()) Encode(codebook, level).ShouldBe(level);
            var previous = 0;
            for (var value = 0f; value < 130; value += 0.03125f)
            {
                var code = Encode(codebook, value);
                Encode(codebook, -value).ShouldBe(-code);
                code.ShouldBeGreaterThanOrEqualTo(previous);
                previous = code;
            }
        }
    }

    [Fact]
    public void The_relative_error_is_at_most_a_third()
    {
        for (var value = 0.75f; value <= 96; value += 0.0078125f)
            (Math.Abs(value - Encode(Linear, value)) / value).ShouldBeLessThanOrEqualTo(1 / 3f + 1e-6f);
    }

    /// <summary>One-hot networks, section 4.5.</summary>
    [Theory]
    [InlineData("Gaussian", 14.24, 13.86)]
    [InlineData("Laplace", 14.20, 13.82)]
    [InlineData("ReLU", 14.24, 13.87)]
    public void The_best_scale_has_the_known_noise(string distribution, double linear, double log)
    {
        var random = new Random(7);
        var values = Enumerable.Range(0, 200_000).Select(_ => (float)Draw(distribution, random)).ToArray();
        SignalToNoise(values, Linear).ShouldBe(linear, 0.1);
        // The known figure is for thresholds and values that share one scale.
        SignalToNoise(values, Log).ShouldBe(log, 0.1);
    }

    [Fact]
    public void The_search_finds_no_worse_a_scale_than_every_grid_point_by_definition()
    {
        var random = new Random(21);
        for (var repetition = 0; repetition < 200; repetition++)
        {
            var values = Enumerable.Range(0, random.Next(1, 60)).Select(_ => (float)Normal.InvCDF(0, 1, random.NextDouble())).ToArray();
            var codebook = repetition % 2 == 0 ? Linear : Log;
            var best = Enumerable.Range(5, 126).Min(percent => Error(values, percent / 100.0 * MinMaxClip.Of(values) / 64, codebook));
            Error(values, CodebookScale.Of(values, codebook), codebook).ShouldBeLessThanOrEqualTo(best + 1e-12);
        }
    }

    [Fact]
    public void The_histogram_finds_nearly_the_scale_of_the_values()
    {
        var random = new Random(8);
        var values = Enumerable.Range(0, 50_000).Select(_ => (float)Normal.InvCDF(0, 1, random.NextDouble())).ToArray();
        var scale = CodebookScale.Of(AbsoluteHistogram.Of(values), Linear);
        Error(values, scale, Linear).ShouldBeLessThan(1.01 * Error(values, CodebookScale.Of(values, Linear), Linear));
    }

    [Fact]
    public void All_zeros_have_scale_one()
    {
        CodebookScale.Of(new float[4], Linear).ShouldBe(1);
        CodebookScale.Of(AbsoluteHistogram.Of(new float[4]), Linear).ShouldBe(1);
    }

    [Fact]
    public void A_layer_has_powers_of_two_for_both_operands()
    {
        var random = new Random(9);
        for (var bits = 2; bits <= 5; bits++)
        {
            var draft = new LayerDraft(RandomLayer.Draw(random).Layer);
            ((ILayerMethod)Recipe.Parse($"log:bits={bits}").Steps[0].Component).Fill(draft);
            draft.Activations!.Range.Highest.ShouldBe(1 << ((1 << (bits - 1)) - 2));
            draft.Weights!.Single.Codes.ShouldAllBe(code => code == 0 || int.IsPow2(Math.Abs((int)code)));
            draft.Weights.Single.Range.Magnitude.ShouldBeLessThanOrEqualTo(draft.Activations.Range.Highest);
        }
    }

    private static double SignalToNoise(float[] values, MagnitudeCodebook codebook)
        => 10 * Math.Log10(values.Sum(value => (double)value * value) / Error(values, CodebookScale.Of(values, codebook), codebook));

    private static double Error(float[] values, double scale, MagnitudeCodebook codebook)
        => values.Sum(value => Math.Pow(Math.Abs(value) - (scale * codebook.Quantize(Math.Abs(value) / scale)), 2));

    private static double Draw(string distribution, Random random)
    {
        var p = random.NextDouble();
        return distribution switch
        {
            "Laplace" => p < 0.5 ? Math.Log(2 * Math.Max(p, 1e-300)) : -Math.Log(2 * (1 - p)),
            "ReLU" => Math.Max(0, Normal.InvCDF(0, 1, p)),
            _ => Normal.InvCDF(0, 1, p),
        };
    }

    private static int Encode(MagnitudeCodebook codebook, float value)
    {
        var codes = new short[1];
        new ThresholdActivations("test", codebook, 1, isNonNegative: false, 4).Encode([value], codes);
        return codes[0];
    }
}
