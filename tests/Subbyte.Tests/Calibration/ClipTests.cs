using MathNet.Numerics.Distributions;
using Subbyte.Calibration;
using Subbyte.Lowering;

namespace Subbyte.Tests.Calibration;

public class ClipTests
{
    private static readonly float[] GaussianQuantiles = [.. Enumerable.Range(0, 400_000).Select(i => (float)Normal.InvCDF(0, 1, (i + 0.5) / 400_000))];

    [Fact]
    public void Squared_error_clips_the_outlier_as_specified()
    {
        float[] values = [0.1f, -0.2f, 0.3f, -0.4f, 0.5f, -0.6f, 0.7f, 5.0f];
        var (clip, error) = SquaredErrorClip.Of(values, 7);
        clip.ShouldBe(4.9, 1e-12);
        error.ShouldBe(0.29, 1e-7);
        Error(values, 5.0 / 7, 7).ShouldBe(0.297959183673, 1e-7);
    }

    [Fact]
    public void Squared_error_may_rise_with_a_bit_on_few_values()
    {
        float[] values = [1, 2, 3, -3];
        SquaredErrorClip.Of(values, 3).Error.ShouldBe(0);
        SquaredErrorClip.Of(values, 7).Error.ShouldBe(0.0394755102, 1e-9);
    }

    [Fact]
    public void Percentiles_interpolate_between_sorted_magnitudes()
    {
        var values = Enumerable.Range(-50, 101).Select(i => i / 10f).ToArray();
        PercentileClip.Of(values, 50).ShouldBe(2.5, 1e-6);
        PercentileClip.Of(values, 90).ShouldBe(4.5, 1e-6);
        PercentileClip.Of(values, 99).ShouldBe(5.0, 1e-6);
        PercentileClip.Of(values, 100).ShouldBe(5.0, 1e-6);
    }

    [Fact]
    public void The_percentile_of_a_histogram_is_the_left_edge_of_its_bin()
    {
        var histogram = new AbsoluteHistogram(new long[] { 50, 30, 15, 4, 1 }, 5);
        PercentileClip.Of(histogram, 50).ShouldBe(0);
        PercentileClip.Of(histogram, 80).ShouldBe(1);
        PercentileClip.Of(histogram, 99).ShouldBe(3);
        PercentileClip.Of(histogram, 99.9).ShouldBe(4);
    }

    [Fact]
    public void A_histogram_counts_every_magnitude_once()
    {
        var histogram = AbsoluteHistogram.Of([0, -0.0f, 0.5f, -0.99f, 1, -2, 2], bins: 4);
        histogram.Counts.ToArray().ShouldBe([2, 2, 1, 2]);
        histogram.Centre(3).ShouldBe(1.75);
    }

    /// <summary>Section 7: SQNR of the best clip on a Gaussian.</summary>
    [Theory]
    [InlineData(2, 7.208, 1.22)]
    [InlineData(3, 13.292, 1.96)]
    [InlineData(4, 18.897, 2.48)]
    [InlineData(6, 29.709, 3.28)]
    [InlineData(8, 40.540, 3.92)]
    public void The_best_clip_of_a_Gaussian_has_the_known_noise(int bits, double decibels, double clip)
    {
        var found = SquaredErrorClip.Of(GaussianQuantiles, CodeRange.Narrow(bits).Highest);
        var signal = GaussianQuantiles.Sum(value => (double)value * value);
        (10 * Math.Log10(signal / found.Error)).ShouldBe(decibels, 0.15);
        found.Clip.ShouldBe(clip, 0.15);
    }

    [Fact]
    public void Each_bit_lowers_the_error_of_Gaussian_and_Laplacian_values()
    {
        var random = new Random(3);
        for (var repetition = 0; repetition < 20; repetition++)
        {
            var values = new float[1000];
            for (var i = 0; i < values.Length; i++)
                values[i] = (float)(repetition % 2 == 0 ? Normal.InvCDF(0, 1, random.NextDouble()) : LaplaceQuantile(random.NextDouble()));
            var errors = Enumerable.Range(2, 7).Select(bits => SquaredErrorClip.Of(values, CodeRange.Narrow(bits).Highest).Error).ToArray();
            errors.Zip(errors.Skip(1)).ShouldAllBe(pair => pair.Second < pair.First);
        }
    }

    [Fact]
    public void The_histogram_finds_nearly_the_clip_of_the_values()
    {
        var values = GaussianQuantiles.Where((_, i) => i % 8 == 0).ToArray();
        for (var bits = 2; bits <= 8; bits++)
        {
            var largest = CodeRange.Narrow(bits).Highest;
            var (clip, _) = SquaredErrorClip.Of(AbsoluteHistogram.Of(values), largest);
            Error(values, clip / largest, largest).ShouldBeLessThan(1.02 * SquaredErrorClip.Of(values, largest).Error);
        }
    }

    [Fact]
    public void All_zeros_have_clip_zero()
    {
        SquaredErrorClip.Of(new float[3], 7).ShouldBe((0, 0));
        MinMaxClip.Of(new float[3]).ShouldBe(0);
        PercentileClip.Of(new float[3], 99).ShouldBe(0);
    }

    private static double LaplaceQuantile(double p) => p < 0.5 ? Math.Log(2 * p) : -Math.Log(2 * (1 - p));

    private static double Error(float[] values, double scale, int largest)
        => values.Sum(value => Math.Pow(Math.Abs(value) - (Math.Min(Math.Round(Math.Abs(value) / scale), largest) * scale), 2));
}
