using Subbyte.Costs;
using Subbyte.Lowering;
using Subbyte.Methods.Sparq;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.Sparq;

public class SparqCostTests
{
    [Theory]
    [MemberData(nameof(SparqVectors.Units), MemberType = typeof(SparqVectors))]
    public void Counts_are_those_of_walking_every_pair(string window, bool round)
    {
        foreach (var (stc, pairs) in new[] { (false, true), (false, false), (true, true), (true, false) })
        {
            for (var seed = 0; seed < 10; seed++)
            {
                var random = new Random(seed);
                var geometry = SparqLayers.RandomGeometry(random);
                var layer = SparqLayers.Random(random, geometry, stc);
                var lowered = SparqLayers.Lower(layer, new SparqOptions { Window = window, Round = round, Pairs = pairs, Stc = stc });
                var rows = new short[2 * geometry.Positions * geometry.Depth];
                for (var i = 0; i < rows.Length; i++) rows[i] = (short)(random.Next(2) * random.Next(256));
                var counter = lowered.Cost.Start();
                counter.Observe(rows.AsSpan(0, rows.Length / 2), 0);
                counter.Observe(rows.AsSpan(rows.Length / 2), 0);
                var cost = counter.Count(samples: 2);
                foreach (var (name, count) in Walk(lowered, new TrimmingUnit(SparqWindow.Find(window), round, pairs), stc, rows))
                    cost.Operations[name].ShouldBe(count / 2.0, $"{name}, seed {seed}, stc {stc}, pairs {pairs}");
                cost.Cycles.ShouldBe(cost.Operations["pairs.bothZero"] + cost.Operations["pairs.oneZero"] + cost.Operations["pairs.bothNonZero"]);
                cost.Operations[$"multiplications.{window[0]}x8"].ShouldBe(2 * cost.Cycles);
            }
        }
    }

    [Fact]
    public void A_pair_takes_one_cycle_and_four_bits_cost_less_than_eight()
    {
        var layer = SparqLayers.Of(Enumerable.Range(1, 64).Select(i => (float)i).ToArray());
        var lowered = SparqLayers.Lower(layer, new SparqOptions());
        var cost = lowered.Cost.Start().Count(samples: 0);
        cost.Macs.ShouldBe(64);
        cost.Cycles.ShouldBe(32);
        cost.ActivationBits.ShouldBe(4);
        cost.WeightBits.ShouldBe(8.5);
        cost.Operations["bitOperations"].ShouldBe(64 * 32);
        cost.Operations.Keys.ShouldNotContain("pairs.oneZero");
        var int8 = new ProductCost(layer, SparqQuantizers.Weights(layer, wide: true), 8).Start().Count(0);
        var energies = SparqWindow.All.Take(3).Select(window => SparqLayers.Lower(layer, new SparqOptions { Window = window.Name }).Cost.Start().Count(0).EnergyPicojoules);
        energies.Prepend(int8.EnergyPicojoules).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public void Sparse_weights_take_a_quarter_of_the_cycles_and_five_eighths_of_the_bits()
    {
        var lowered = SparqLayers.Lower(SparqLayers.Of([1, 0, 2, 0, 0, 3, 0, 4]), new SparqOptions { Stc = true });
        var cost = lowered.Cost.Start().Count(0);
        cost.Cycles.ShouldBe(2);
        cost.WeightStorageBits.ShouldBe((2 * 20) + 32);
    }

    [Theory]
    [InlineData(1, 1, false, 64 * 100 * 72)]
    [InlineData(16, 16, false, 4 * 7 * (72 + 30))]
    [InlineData(16, 16, true, 4 * 7 * (36 + 30))]
    public void Cycles_of_an_array_fill_and_drain(int rows, int columns, bool sparse, long cycles)
    {
        var layer = new DotProductLayer
        {
            Name = "conv",
            Index = 1,
            Kind = LayerKind.Convolution,
            Positions = 100,
            Outputs = 64,
            Depth = 144,
            KernelHeight = 3,
            KernelWidth = 3,
            Weights = new float[64 * 144],
            Bias = new float[64],
            Input = new SampleStatistics(0, 1),
        };
        SparqCost.ArrayCycles(layer, sparse, rows, columns).ShouldBe(cycles);
    }

    [Fact]
    public void Areas_are_those_of_the_specification()
    {
        // The specification rounds the cells' ratios to two decimals.
        SparqArea.TwoInt8.ShouldBe(1391, 1.5);
        SparqArea.TwoPlain(4).ShouldBe(898, 1.5);
        foreach (var row in SparqVectors.Rows("formats"))
        {
            var area = SparqArea.Of(SparqWindow.Find(row["window"]));
            area.ShouldBe(row.Number("gateEquivalents"), 1.5);
            (area / SparqArea.TwoInt8).ShouldBe(row.Number("relativeArea"), 0.006);
        }

        new[] { "4b2opt", "4b3opt", "4b5opt" }.Select(name => SparqArea.Of(SparqWindow.Find(name))).Append(SparqArea.TwoInt8).ShouldBeInOrder();
    }

    private static Dictionary<string, long> Walk(LoweredLayer lowered, TrimmingUnit unit, bool stc, short[] rows)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["pairs.bothZero"] = 0,
            ["pairs.oneZero"] = 0,
            ["pairs.bothNonZero"] = 0,
            ["multiplications.useful"] = 0,
            ["values.trimmed"] = 0,
            ["values.trimmedExact"] = 0,
        };
        var layer = lowered.Layer;
        var weights = lowered.Groups[0].Terms.Aggregate(new short[layer.Outputs * layer.Depth], (sum, term) => [.. sum.Zip(term.Weights, (a, b) => (short)(a + b))]);
        for (var start = 0; start < rows.Length; start += layer.Depth)
        {
            for (var m = 0; m < layer.Outputs; m++)
            {
                var row = rows[start..(start + layer.Depth)];
                foreach (var (first, second) in Pairs(row, weights[(m * layer.Depth)..((m + 1) * layer.Depth)], stc)) Add(first, second);
            }
        }

        return counts;

        void Add(short first, short second)
        {
            var name = ((first == 0 ? 0 : 1) + (second == 0 ? 0 : 1)) switch { 0 => "pairs.bothZero", 1 => "pairs.oneZero", _ => "pairs.bothNonZero" };
            counts[name]++;
            counts["multiplications.useful"] += unit.Prepare(first, second).Useful;
            foreach (var (value, partner) in new[] { (first, second), (second, first) })
            {
                if (value == 0 || (partner == 0 && unit.Pairs && unit.Window.Width == 4)) continue;
                counts["values.trimmed"]++;
                counts["values.trimmedExact"] += (partner == 0 ? unit.Survivor : unit.Trim)[value] == value ? 1 : 0;
            }
        }
    }

    private static IEnumerable<(short First, short Second)> Pairs(short[] row, short[] weights, bool stc)
    {
        for (var start = 0; start < row.Length; start += stc ? 4 : 2)
        {
            var members = Enumerable.Range(start, Math.Min(stc ? 4 : 2, row.Length - start)).Where(k => !stc || weights[k] != 0).Select(k => row[k]).ToArray();
            yield return (members.ElementAtOrDefault(0), members.ElementAtOrDefault(1));
        }
    }
}
