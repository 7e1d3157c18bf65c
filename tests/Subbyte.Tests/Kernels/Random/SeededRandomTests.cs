using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

public sealed class SeededRandomTests
{
    [Fact]
    public void TheSequenceOfASeedIsThePublishedOne()
    {
        // The first outputs of SplitMix64 for seed 1234567.
        var random = new SeededRandom(1234567);
        ulong[] bits = [random.NextBits(), random.NextBits(), random.NextBits()];
        bits.ShouldBe([6457827717110365317, 3203168211198807973, 9817491932198370423]);
    }

    [Fact]
    public void StreamsOfASeedDiffer()
        => Enumerable.Range(0, 100).Select(stream => new SeededRandom(1, (ulong)stream).NextBits()).Distinct().Count().ShouldBe(100);

    [Fact]
    public void NumbersFillTheirRangeEvenly()
    {
        var random = new SeededRandom(3);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++) counts[random.Next(7)]++;
        counts.ShouldAllBe(count => count > 9_500 && count < 10_500);
    }

    [Fact]
    public void FloatsLieBetweenZeroAndOneWithTheMeanOfAUniformDistribution()
    {
        var random = new SeededRandom(4);
        var values = Enumerable.Range(0, 100_000).Select(_ => random.NextFloat()).ToArray();
        values.ShouldAllBe(value => value >= 0 && value < 1);
        values.Average().ShouldBe(0.5f, 0.005f);
    }

    [Fact]
    public void ShufflingKeepsTheElements()
    {
        int[] items = [.. Enumerable.Range(0, 50)];
        new SeededRandom(5).Shuffle<int>(items);
        items.ShouldNotBe(Enumerable.Range(0, 50));
        items.Order().ShouldBe(Enumerable.Range(0, 50));
    }
}
