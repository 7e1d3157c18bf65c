using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.OneHot;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.OneHot;

/// <summary>Sections 2 to 5 of the specification: codebooks, stored codes, the histogram product, the scale's quality.</summary>
public sealed class OneHotTests
{
    // Section 4.4, the second operand set.
    private static readonly short[] Weights = [64, -4, 64, 0, 64, 4, -32, 1];
    private static readonly short[] Activations = [16, 64, 0, 32, 8, 2, 64, 64];

    [Fact]
    public void K_hot_codes_follow_the_vectors()
    {
        foreach (var row in VectorTable.Read("Methods/OneHot/k-hot.vectors.txt"))
        {
            foreach (var k in new[] { 1, 2, 3, 7 }) Quantize(HotCodebook.Of(k), row.Integer("value")).ShouldBe(row.Integer($"hot{k}"), $"{k}-hot of {row["value"]}");
        }
    }

    [Theory]
    [InlineData(1, 64, 8, 4)]
    [InlineData(2, 96, 29, 6)]
    [InlineData(3, 112, 64, 7)]
    [InlineData(4, 120, 99, 8)]
    [InlineData(5, 124, 120, 8)]
    [InlineData(6, 126, 127, 8)]
    [InlineData(7, 127, 128, 8)]
    public void A_codebook_has_the_magnitudes_of_the_table(int k, int largest, int magnitudes, int bits)
    {
        var codebook = HotCodebook.Of(k);
        ((int)codebook.Largest, codebook.Levels.Length, HotCodebook.Bits(codebook)).ShouldBe((largest, magnitudes, bits));
        largest.ShouldBe(128 - (128 >> k));
    }

    [Fact]
    public void One_hot_is_the_codebook_of_powers_of_two()
    {
        var powers = MagnitudeCodebook.PowersOfTwo(HotCodebook.MagnitudeBits);
        var hot = HotCodebook.Of(1);
        hot.Levels.ToArray().ShouldBe(powers.Levels.ToArray());
        hot.Thresholds.ToArray().ShouldBe(powers.Thresholds.ToArray());
    }

    [Fact]
    public void More_hot_bits_are_never_further_away()
    {
        for (var value = 0.0; value < 130; value += 0.25)
        {
            var errors = Enumerable.Range(1, 7).Select(k => Math.Abs(value - HotCodebook.Of(k).Quantize(value))).ToArray();
            errors.ShouldBe(errors.OrderDescending());
        }
    }

    [Fact]
    public void Signed_digits_reach_what_ones_do_not()
    {
        // 127 = 2^7 − 1.
        HotCodebook.Of(2, HotDigits.Csd).Largest.ShouldBe((short)127);
        HotCodebook.Of(2).Largest.ShouldBe((short)96);
    }

    [Fact]
    public void The_requantizer_from_int8_is_the_codebook_on_integers()
    {
        for (var value = -128; value <= 127; value++) OneHotCode.FromInt8(value).ShouldBe(Quantize(HotCodebook.Of(1), value), $"{value}");
    }

    [Fact]
    public void Stored_codes_come_back()
    {
        foreach (var value in new[] { 0, 1, -1, 2, -2, 4, 8, 16, 32, 64, -64 }) OneHotCode.Decode(OneHotCode.Encode(value)).ShouldBe(value);
        (OneHotCode.Encode(0), OneHotCode.Encode(-1), OneHotCode.Encode(64), OneHotCode.Decode(0xF)).ShouldBe((7, 8, 6, 0));
        OneHotCode.Pack([1, -64, 0]).ShouldBe([(byte)0xE0, (byte)0x77]);
        Should.Throw<ArgumentOutOfRangeException>(() => OneHotCode.Encode(3));
    }

    [Fact]
    public void The_histogram_of_the_vectors()
    {
        Span<int> histogram = stackalloc int[OneHotProduct.Buckets];
        OneHotProduct.Histogram(Weights, Activations, histogram);
        histogram.ToArray().ShouldBe([0, 0, 0, 1, 0, 0, 1, 0, -1, 1, 1, -1, 0, 0, 0]);
        OneHotProduct.Sum(histogram).ShouldBe(-696);
        OneHotProduct.Histogram([91, -3, 64, 0, 127, 5, -43, 1], [17, 85, 0, 33, 7, 2, 127, 64], histogram);
        histogram.ToArray().ShouldBe([0, 1, -2, 0, -2, -1, 1, 1, -1, 0, 1, 2, 0, -1, 0]);
        OneHotProduct.Sum(histogram).ShouldBe(-3206);
    }

    [Theory]
    [InlineData("one-hot")]
    [InlineData("one-hot:rounding=log")]
    [InlineData("k-hot:k=2")]
    [InlineData("k-hot:k=3,digits=csd")]
    [InlineData("one-hot:power-of-two")]
    public void The_lowered_layer_is_the_histogram_product(string recipe)
    {
        var random = new Random(11);
        for (var trial = 0; trial < 1000; trial++)
        {
            var drawn = RandomLayer.Draw(random, rows: 2);
            var draft = new LayerDraft(drawn.Layer);
            ((ILayerMethod)Recipe.Parse(recipe).Steps[0].Component).Fill(draft);
            var lowered = RecipeApplication.Complete(draft);
            var term = lowered.Groups.ShouldHaveSingleItem().Terms.ShouldHaveSingleItem();
            var depth = drawn.Layer.Depth;
            var codes = new short[depth];
            lowered.Input!.Encode(drawn.Patches[0][0], codes);
            var histogram = new int[OneHotProduct.Buckets];
            OneHotProduct.Histogram(term.Weights.AsSpan(0, depth), codes, histogram);
            long product = 0;
            for (var k = 0; k < depth; k++) product += term.Weights[k] * codes[k];
            OneHotProduct.Sum(histogram).ShouldBe(product);
        }
    }

    // Section 4.5, Gaussian: decibels at the best scale, ±0.1 (1- and 2-hot), ±0.2 (3-hot).
    [Theory]
    [InlineData(1, 14.24, 0.1)]
    [InlineData(2, 24.29, 0.1)]
    [InlineData(3, 32.86, 0.2)]
    [InlineData(4, 38.53, 0.7)]
    [InlineData(7, 40.34, 0.7)]
    public void The_best_scale_gives_the_signal_to_noise_ratio_of_the_specification(int k, double decibels, double tolerance)
    {
        var random = new Random(0);
        var values = Enumerable.Range(0, 200_000).Select(_ => (float)MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1)).ToArray();
        var codebook = HotCodebook.Of(k);
        var scale = CodebookScale.Of(values, codebook);
        var signal = values.Sum(value => (double)value * value);
        var noise = values.Sum(value => Math.Pow(value - (Math.Sign(value) * scale * codebook.Quantize(Math.Abs(value) / scale)), 2));
        (10 * Math.Log10(signal / noise)).ShouldBe(decibels, tolerance);
    }

    [Fact]
    public void A_power_of_two_scale_is_one()
    {
        var histogram = new long[2048];
        for (var i = 0; i < histogram.Length; i++) histogram[i] = 2048 - i;
        var scale = CodebookScale.Of(new AbsoluteHistogram(histogram, 5.3f), HotCodebook.Of(2), powerOfTwo: true);
        Math.Log2(scale).ShouldBe(Math.Round(Math.Log2(scale)));
        scale.ShouldBe(1 / 16.0, "5.3 / 96 lies nearest to it");
    }

    private static int Quantize(MagnitudeCodebook codebook, int value) => Math.Sign(value) * codebook.Quantize(Math.Abs(value));
}
