using Subbyte.Calibration;

namespace Subbyte.Tests.Calibration;

public class EntropyClipTests
{
    private const int Levels = 128;

    [Fact]
    public void Small_histograms_have_the_specified_divergences()
    {
        foreach (var row in VectorTable.Read("Calibration/divergences.vectors.txt"))
        {
            var histogram = row.Integers("histogram").Select(count => (long)count).ToArray();
            var zeroBinRule = row["zero-bin"] == "true";
            var levels = row.Integer("levels");
            var expected = row.Numbers("divergences");
            for (var i = 0; i < expected.Length; i++)
                Close(EntropyClip.Divergence(histogram, levels, row.Integer("first") + i, zeroBinRule), expected[i], 1e-9, row["name"]);
            EntropyClip.BestBins(histogram, levels, zeroBinRule).ShouldBe(row.Integer("m"), row["name"]);
        }
    }

    [Fact]
    public void Histograms_by_formula_have_the_specified_divergences_and_choice()
    {
        foreach (var row in VectorTable.Read("Calibration/histograms.vectors.txt"))
        {
            var histogram = Histogram(row["name"]);
            histogram.Sum().ShouldBe(row.Integer("total"), row["name"]);
            var best = EntropyClip.BestBins(histogram, Levels);
            best.ShouldBe(row.Integer("m"), row["name"]);
            Close(EntropyClip.Divergence(histogram, Levels, best), row.Number("divergence"), 1e-15, row["name"]);
            foreach (var (at, expected) in row.Integers("at").Zip(row.Numbers("divergences")))
                Close(EntropyClip.Divergence(histogram, Levels, at), expected, 1e-9, $"{row["name"]} at {at}");
            if (row["infinite"] != "-")
                Enumerable.Range(Levels, 2049 - Levels).Count(bins => double.IsInfinity(EntropyClip.Divergence(histogram, Levels, bins))).ShouldBe(row.Integer("infinite"));
        }
    }

    [Fact]
    public void The_fast_search_is_the_definition()
    {
        var random = new Random(1);
        for (var repetition = 0; repetition < 300; repetition++)
        {
            var bins = random.Next(2, 80);
            var levels = random.Next(1, Math.Min(bins, 20) + 1);
            var sparsity = random.NextDouble();
            var histogram = new long[bins];
            for (var j = 0; j < bins; j++) histogram[j] = random.NextDouble() < sparsity ? 0 : random.Next(1, 1 << random.Next(1, 20));
            histogram[^1]++;
            var expected = levels;
            var smallest = double.PositiveInfinity;
            for (var i = levels; i <= bins; i++)
            {
                var divergence = EntropyClip.Divergence(histogram, levels, i);
                if (divergence <= smallest) (expected, smallest) = (i, divergence);
            }

            EntropyClip.BestBins(histogram, levels).ShouldBe(expected);
        }
    }

    [Fact]
    public void The_clip_is_half_a_bin_above_the_edge_unless_the_edge_is_asked_for()
    {
        var histogram = new AbsoluteHistogram(Histogram("H2"), 10);
        EntropyClip.Of(histogram, Levels).ShouldBe(2.93212890625);
        EntropyClip.Of(histogram, Levels, EntropyRule.Edge).ShouldBe(600 * 10.0 / 2048);
    }

    [Fact]
    public void All_zeros_have_clip_zero() => EntropyClip.Of(AbsoluteHistogram.Of(new float[10]), Levels).ShouldBe(0);

    [Fact]
    public void Levels_of_equal_full_bins_lose_nothing()
    {
        var random = new Random(2);
        var histogram = new long[2048];
        for (var level = 0; level < 128; level++) histogram.AsSpan(level * 16, 16).Fill(random.Next(1, 1_000_000));
        EntropyClip.Divergence(histogram, 128, 2048).ShouldBe(0, 1e-15);
        EntropyClip.BestBins(histogram, 128).ShouldBe(2048);
    }

    [Fact]
    public void More_levels_than_bins_are_refused() => Should.Throw<ArgumentOutOfRangeException>(() => EntropyClip.BestBins(new long[16], 17));

    [Theory]
    [InlineData(1.0)]
    [InlineData(1e-300)]
    [InlineData(0.9999999999999999)]
    [InlineData(1.4142135623730951)]
    [InlineData(1.4142135623730954)]
    [InlineData(134217664.0)]
    [InlineData(1e300)]
    public void The_portable_logarithm_agrees_with_the_system_one(double x) => Close(NaturalLogarithm.Of(x), Math.Log(x), 1e-18, x.ToString());

    private static long[] Histogram(string name)
    {
        var histogram = new long[2048];
        long decaying = 1_000_000;
        for (var j = 0; j < histogram.Length; j++)
        {
            histogram[j] = name switch
            {
                "H1" => 100_000_000 / ((64L + j) * (64 + j)),
                "H2" => j == 2047 ? 5 : Math.Max(0, 600 - j),
                "H3" => j < 1024 ? 1000 : 1,
                "H4" => (1L << 20) >> (j / 64),
                _ => decaying + (j % 32 == 0 ? 1 : 0),
            };
            decaying = decaying * 993 / 1000;
        }

        return histogram;
    }

    private static void Close(double actual, double expected, double absolute, string name)
    {
        if (double.IsInfinity(expected)) actual.ShouldBe(expected, name);
        else actual.ShouldBe(expected, absolute + (Math.Abs(expected) * 1e-9), name);
    }
}
