using Subbyte.Methods.NbSmt;
using Subbyte.Tests.Methods.Sparq;

namespace Subbyte.Tests.Methods.NbSmt;

/// <summary>Cycles, utilization and energy: section 6, the vectors of section 4, invariant I7.</summary>
public class NbSmtCostTests
{
    [Fact]
    public void Cycles_of_the_array_are_those_of_the_specification()
    {
        foreach (var row in NbSmtVectors.Rows("cycles"))
        {
            var cycles = row.Integers("cycles");
            for (var i = 0; i < cycles.Length; i++)
            {
                var threads = 1 << i;
                NbSmtArray.Cycles(row.Integer("positions"), row.Integer("outputs"), (row.Integer("depth") + threads - 1) / threads).ShouldBe(cycles[i]);
            }
        }
    }

    [Fact]
    public void Activity_of_the_long_dot_product_is_that_of_the_specification()
    {
        var (x, w) = NbSmtVectors.LongOperands();
        foreach (var row in NbSmtVectors.Rows("activity"))
        {
            var lowered = NbSmtVectors.Lower(w, new NbSmtOptions { Threads = row.Integer("threads"), Split = ThreadSplit.KHalves });
            var counter = lowered.Cost.Start();
            counter.Observe(x, 0);
            var operations = counter.Count(1).Operations;
            operations["multiplierCycles"].ShouldBe(row.Integer("cycles"));
            operations["multiplierCycles.busy"].ShouldBe(row.Integer("busy"));
            operations["multiplierCycles.collided"].ShouldBe(row.Integer("collided"));
            operations["products.nonZero"].ShouldBe(280);
            row.Integers("active").Select((cycles, active) => active * cycles).Sum().ShouldBe(280);
        }
    }

    [Theory]
    [MemberData(nameof(NbSmtVectors.Settings), MemberType = typeof(NbSmtVectors))]
    public void Counts_are_those_of_walking_every_cycle(string policy, int threads, ThreadSplit split, bool reorder)
    {
        var options = new NbSmtOptions { Policy = policy, Threads = threads, Split = split, Reorder = reorder };
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var geometry = SparqLayers.RandomGeometry(random);
            var layer = NbSmtVectors.Random(random, geometry);
            var rows = Enumerable.Range(0, geometry.Positions * layer.Depth).Select(_ => (short)(random.Next(2) * random.Next(256))).ToArray();
            var counter = NbSmtVectors.Lower(layer, options).Cost.Start();
            counter.Observe(rows, 0);
            var operations = counter.Count(1).Operations;
            var active = Walk(NbSmtVectors.Threads(layer, options), NbSmtVectors.Weights(layer), rows, layer.Depth);
            operations["multiplierCycles"].ShouldBe(active.Length);
            operations["multiplierCycles.busy"].ShouldBe(active.Count(count => count > 0));
            operations["multiplierCycles.collided"].ShouldBe(active.Count(count => count > 1));
            operations["products.nonZero"].ShouldBe(active.Sum());
            Utilization(operations).ShouldBeLessThanOrEqualTo(threads * active.Sum() / ((double)threads * active.Length) + 1e-12);
        }
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void Independent_idle_threads_gain_what_the_specification_computes(double idle)
    {
        var random = new Random(5);
        var x = Enumerable.Range(0, 40_000).Select(_ => (short)(random.NextDouble() < idle ? 0 : 1)).ToArray();
        var weights = Enumerable.Repeat((short)1, x.Length).ToArray();
        var utilization = new[] { 1, 2, 4 }.Select(threads =>
        {
            var counter = NbSmtVectors.Lower(weights, new NbSmtOptions { Threads = threads }).Cost.Start();
            counter.Observe(x, 0);
            return Utilization(counter.Count(1).Operations);
        }).ToArray();
        utilization.ShouldBeInOrder();
        (utilization[1] / utilization[0]).ShouldBe(1 + idle, 0.03);
        (utilization[2] / utilization[0]).ShouldBe(1 + idle + (idle * idle) + (idle * idle * idle), 0.06);
    }

    [Fact]
    public void Two_threads_save_a_third_of_the_energy_at_the_stated_utilization()
    {
        var energies = new[] { 1, 2, 4 }.Select(threads => NbSmtArray.RelativePower(threads, NbSmtArray.StatedUtilization) / threads).ToArray();
        energies[0].ShouldBe(1, 1e-12);
        (1 - energies[1]).ShouldBe(0.33, 0.001);
        energies[2].ShouldBeLessThan(energies[1]);
        NbSmtArray.RelativePower(2, 0).ShouldBe(0.23 * 429 / 320, 1e-9);
        new[] { 1, 2, 4 }.Select(NbSmtArray.RelativeArea).ShouldBe([1, 1.4, 2.5]);
    }

    [Fact]
    public void Without_data_the_utilization_is_the_stated_one_and_weights_keep_eight_bits()
    {
        var layer = SparqLayers.Of([.. Enumerable.Range(1, 4096).Select(i => (float)i)]);
        var one = NbSmtVectors.Lower(layer, new NbSmtOptions { Threads = 1 }).Cost.Start().Count(0);
        one.Cycles.ShouldBe(4096 + 30);
        one.WeightStorageBits.ShouldBe((8 * 4096) + 32);
        one.Operations.Keys.ShouldHaveSingleItem();
    }

    private static double Utilization(IReadOnlyDictionary<string, double> operations) => operations["multiplierCycles.busy"] / operations["multiplierCycles"];

    private static int[] Walk(ThreadArrangement threads, short[] weights, short[] rows, int depth)
    {
        var active = new List<int>();
        for (var start = 0; start < rows.Length; start += depth)
        {
            for (var first = 0; first < weights.Length; first += depth)
            {
                for (var cycle = 0; cycle < threads.Cycles; cycle++)
                    active.Add(threads.Operands(cycle).ToArray().Count(k => k >= 0 && rows[start + k] != 0 && weights[first + k] != 0));
            }
        }

        return [.. active];
    }
}
