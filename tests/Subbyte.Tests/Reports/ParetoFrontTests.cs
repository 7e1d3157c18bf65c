using FsCheck;
using FsCheck.Fluent;
using Subbyte.Experiments.Reports;

namespace Subbyte.Tests.Reports;

public sealed class ParetoFrontTests
{
    [Fact]
    public void The_front_is_what_nothing_beats()
        => ParetoFront.Of([(10, 0.9), (2, 0.7), (5, 0.6), (4, 0.8), (4, 0.75), (20, 0.9), (2, 0.7), (1, 0.1)]).ShouldBe([7, 1, 3, 0]);

    [Fact]
    public void No_points_have_no_front() => ParetoFront.Of([]).ShouldBeEmpty();

    [Fact]
    public void A_point_is_on_the_front_when_no_other_dominates_it() => Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(bytes =>
    {
        var points = bytes.Select(value => ((double)(value & 15), (double)(value >> 4))).ToArray();
        var front = ParetoFront.Of(points);
        return Enumerable.Range(0, points.Length).All(i => front.Contains(i) != IsBeaten(points, i));
    }));

    // Of equal points the first counts.
    private static bool IsBeaten((double Cost, double Value)[] points, int i) => Enumerable.Range(0, points.Length).Any(j =>
        points[j].Cost <= points[i].Cost && points[j].Value >= points[i].Value && (points[j] != points[i] || j < i));
}
