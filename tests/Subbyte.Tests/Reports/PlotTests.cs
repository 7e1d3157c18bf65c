using FsCheck;
using FsCheck.Fluent;
using Subbyte.Experiments.Reports;

namespace Subbyte.Tests.Reports;

public sealed class PlotTests
{
    [Fact]
    public void Labels_hit_neither_points_nor_each_other() => Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(positions =>
    {
        var area = new Box(0, 0, 400, 300);
        var placer = new LabelPlacer(area, 14);
        var points = positions.Select((value, i) => (X: 20.0 + (value % 16 * 24), Y: 20.0 + (value / 16 * 16) + (i % 3))).ToArray();
        var taken = points.Select(point => new Box(point.X - 4, point.Y - 4, point.X + 4, point.Y + 4)).ToList();
        foreach (var box in taken) placer.Take(box);
        var labels = points.Select(point => placer.Place(point.X, point.Y, 60, 60)).OfType<Box>().ToArray();
        return labels.All(area.Contains)
            && labels.All(label => !taken.Exists(label.Overlaps))
            && Enumerable.Range(0, labels.Length).All(i => !labels.Take(i).Any(labels[i].Overlaps));
    }));

    [Fact]
    public void A_label_crosses_an_error_bar_only_where_it_must()
    {
        var placer = new LabelPlacer(new Box(0, 0, 200, 100), 14);
        placer.Avoid(new Box(110, 0, 116, 100));
        placer.Place(100, 50, 40, 8)!.Value.Right.ShouldBeLessThanOrEqualTo(110);
        placer.Take(new Box(0, 0, 100, 100));
        placer.Place(100, 50, 40, 8)!.Value.Left.ShouldBeGreaterThanOrEqualTo(100);
        placer.Place(100, 50, 40, 8, crossings: 0).ShouldBeNull();
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(6e6, 14e6)]
    [InlineData(131072, 275000)]
    [InlineData(5, 5)]
    [InlineData(1e-3, 1e12)]
    public void A_logarithmic_axis_has_round_ticks_and_not_too_many(double low, double high)
    {
        var axis = PlotAxis.Logarithmic([low, high]);
        axis.Position(low).ShouldBeInRange(0.01, 0.51);
        axis.Position(high).ShouldBeInRange(0.49, 0.99);
        var ticks = axis.Ticks(1, 8);
        ticks.Count.ShouldBeInRange(2, 8);
        ticks.ShouldBeInOrder();
        ticks.ShouldAllBe(tick => tick >= axis.Low && tick <= axis.High);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.9, 0.9)]
    [InlineData(0.881, 0.934)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public void An_axis_of_fractions_stays_between_nothing_and_all(double low, double high)
    {
        var axis = PlotAxis.Fraction(low, high);
        axis.Low.ShouldBeInRange(0, low);
        axis.High.ShouldBeInRange(high, 1);
        axis.Ticks(1, 8).Count.ShouldBeInRange(1, 8);
    }

    [Fact]
    public void The_histogram_counts_every_weight_once_and_zero_in_the_middle()
    {
        float[] weights = [-1, -1, 0, 0, 0, 0.01f, 1, 0.5f];
        var counts = WeightHistogram.Count(weights, 1);
        counts.Sum().ShouldBe(weights.Length);
        counts[0].ShouldBe(2);
        counts[WeightHistogram.Bins / 2].ShouldBe(4);
        counts[^1].ShouldBe(1);
        WeightHistogram.Count(new float[3], 0)[WeightHistogram.Bins / 2].ShouldBe(3);
    }
}
