using Subbyte.Experiments.Search;

namespace Subbyte.Tests.Experiments.Search;

/// <summary>The path of best prices against every combination.</summary>
public sealed class ChoicePathTests
{
    [Fact]
    public void No_combination_beats_a_step_of_the_path_at_the_prices_around_it()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            IReadOnlyList<LayerOption>[] layers = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Options(random))];
            var path = ChoicePath.Of(layers);
            var all = Combinations(layers).Select(choice => Total(layers, choice)).ToArray();
            for (var step = 1; step < path.Count; step++)
            {
                var (before, after) = (Total(layers, path[step - 1]), Total(layers, path[step]));
                after.Cost.ShouldBeLessThan(before.Cost, $"seed {seed}");
                var price = (after.Harm - before.Harm) / (before.Cost - after.Cost);
                var least = all.Min(total => total.Harm + (price * total.Cost));
                (after.Harm + (price * after.Cost)).ShouldBe(least, 1e-9, $"seed {seed}");
                (before.Harm + (price * before.Cost)).ShouldBe(least, 1e-9, $"seed {seed}");
            }

            Total(layers, path[0]).Harm.ShouldBe(all.Min(total => total.Harm), 1e-12);
            Total(layers, path[^1]).Cost.ShouldBe(all.Min(total => total.Cost), 1e-12);
        }
    }

    [Fact]
    public void Consecutive_steps_differ_in_one_layer()
    {
        var random = new Random(1);
        var path = ChoicePath.Of([.. Enumerable.Range(0, 12).Select(_ => Options(random))]);
        path.Count.ShouldBeGreaterThan(4);
        foreach (var (before, after) in path.Zip(path.Skip(1))) before.Zip(after).Count(pair => pair.First != pair.Second).ShouldBe(1);
    }

    [Fact]
    public void A_layer_with_one_option_keeps_it() => ChoicePath.Of([[new LayerOption(3, 10, 0.5)]]).ShouldHaveSingleItem().ShouldBe([3]);

    private static LayerOption[] Options(Random random)
        => [.. Enumerable.Range(0, random.Next(1, 6)).Select(candidate => new LayerOption(candidate - 1, random.Next(1, 9), random.Next(0, 9)))];

    private static IEnumerable<int[]> Combinations(IReadOnlyList<LayerOption>[] layers)
        => layers.Aggregate((IEnumerable<int[]>)[[]], (choices, options) => choices.SelectMany(choice => options.Select(option => choice.Append(option.Candidate).ToArray())));

    private static (double Cost, double Harm) Total(IReadOnlyList<LayerOption>[] layers, int[] choice)
    {
        var chosen = layers.Select((options, layer) => options.First(option => option.Candidate == choice[layer])).ToArray();
        return (chosen.Sum(option => option.Cost), chosen.Sum(option => option.Harm));
    }
}
