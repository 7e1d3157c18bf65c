using Subbyte.Methods.NbSmt;
using Subbyte.Methods.Sparq;
using Subbyte.Tests.Methods.Sparq;

namespace Subbyte.Tests.Methods.NbSmt;

/// <summary>The processing element: vectors of section 4, invariants I2, I4, I5 and I6.</summary>
public class NbSmtProcessingElementTests
{
    private static readonly int[] Activations = [.. Enumerable.Range(0, 256)];
    private static readonly int[] Weights = [.. Enumerable.Range(-128, 256)];

    [Fact]
    public void Operands_are_squeezed_as_the_tables_say()
    {
        foreach (var row in NbSmtVectors.Rows("squeeze"))
        {
            var value = row.Integer("value");
            var isWeight = row["operand"] == "weight";
            (isWeight ? Squeeze.UpperWeight(value) : Squeeze.UpperActivation(value)).Value.ShouldBe(row.Integer("upper"), row.ToString());
            (isWeight ? Squeeze.Weight(value) : Squeeze.Activation(value)).Value.ShouldBe(row.Integer("squeezed"), row.ToString());
        }
    }

    [Fact]
    public void Squeezing_all_values_gives_the_sums_of_the_specification()
    {
        foreach (var row in NbSmtVectors.Rows("squeeze-sums"))
        {
            var isWeight = row["operand"] == "weight";
            var values = isWeight ? Weights : Activations;
            var upper = values.Select(value => isWeight ? Squeeze.UpperWeight(value) : Squeeze.UpperActivation(value)).ToArray();
            var squeezed = values.Select(value => isWeight ? Squeeze.Weight(value) : Squeeze.Activation(value)).ToArray();
            upper.Sum(nibble => nibble.Value).ShouldBe(row.Integer("upper"));
            squeezed.Sum(nibble => nibble.Value).ShouldBe(row.Integer("squeezed"));
            values.Zip(upper).Sum(pair => (pair.First - pair.Second.Value) * (pair.First - pair.Second.Value)).ShouldBe(row.Integer("upperError"));
            values.Zip(squeezed).Sum(pair => (pair.First - pair.Second.Value) * (pair.First - pair.Second.Value)).ShouldBe(row.Integer("squeezedError"));
            upper.Concat(squeezed).ShouldAllBe(nibble => isWeight ? nibble.Bits >= -8 && nibble.Bits <= 7 : nibble.Bits >= 0 && nibble.Bits <= 15);
        }
    }

    [Fact]
    public void Two_threads_add_what_the_table_says_under_every_policy()
    {
        foreach (var row in NbSmtVectors.Rows("two-threads"))
        {
            var operands = row.Integers("operands");
            int[] x = [operands[0], operands[2]], w = [operands[1], operands[3]];
            ((x[0] * w[0]) + (x[1] * w[1])).ShouldBe(row.Integer("exact"));
            foreach (var policy in SqueezePolicy.All)
            {
                NbSmtProcessingElement.Cycle(policy, x, w, 0).ShouldBe(row.Integer(policy.Name), $"{policy}: {row}");
                NbSmtProcessingElement.Cycle(policy, [x[1], x[0]], [w[1], w[0]], 77).ShouldBe(77 + row.Integer(policy.Name), "threads have no order");
            }
        }
    }

    [Fact]
    public void Four_threads_add_what_the_table_says()
    {
        foreach (var row in NbSmtVectors.Rows("four-threads"))
        {
            int[] x = row.Integers("x"), w = row.Integers("w"), products = row.Integers("perThread");
            NbSmtProcessingElement.Cycle(SqueezePolicy.Default, x, w, 0).ShouldBe(row.Integer("psum"), row.ToString());
            products.Sum().ShouldBe(row.Integer("psum"));
            NbSmtProcessingElement.Cycle(SqueezePolicy.Default, [.. x.Reverse()], [.. w.Reverse()], 0).ShouldBe(row.Integer("psum"), "threads have no order");
        }
    }

    [Fact]
    public void The_long_dot_product_has_the_sums_of_the_specification()
    {
        var (x, w) = NbSmtVectors.LongOperands();
        x.Take(6).ShouldBe(new short[] { 0, 0, 152, 190, 179, 103 });
        w.Take(6).ShouldBe(new short[] { 34, 12, 0, 0, 117, 41 });
        foreach (var row in NbSmtVectors.Rows("dot-products"))
        {
            var threads = ThreadArrangement.Of(SparqLayers.Of(new float[x.Length]), row.Integer("threads"), ThreadSplit.KHalves);
            NbSmtProcessingElement.DotProduct(SqueezePolicy.Find(row["policy"]), threads, x, w).ShouldBe(row.Integer("sum"), row.ToString());
        }
    }

    [Fact]
    public void One_active_thread_is_exact_where_idle_ones_leave_the_multiplier()
    {
        foreach (var policy in SqueezePolicy.All.Where(policy => policy.UsesIdleThreads))
        {
            foreach (var x in Activations.Where(x => x % 3 == 0))
            {
                foreach (var w in Weights)
                {
                    NbSmtProcessingElement.Cycle(policy, [x, 0], [w, 99], 0).ShouldBe(x * w);
                    NbSmtProcessingElement.Cycle(policy, [255, x, 31, 0], [0, w, 0, 127], 0).ShouldBe(x * w);
                }
            }
        }
    }

    [Fact]
    public void Narrow_activations_are_exact_where_their_width_is_looked_at()
    {
        foreach (var name in new[] { "S+A", "S+Aw" })
        {
            foreach (var x in Activations.Take(16))
            {
                foreach (var w in Weights) NbSmtProcessingElement.Cycle(SqueezePolicy.Find(name), [x, 15], [w, -128], 0).ShouldBe((x * w) - (15 * 128));
            }
        }

        NbSmtProcessingElement.Cycle(SqueezePolicy.Default, [3, 15, 9, 1], [7, -8, 1, 2], 0).ShouldBe(21 - 120 + 9 + 2);
        NbSmtProcessingElement.Cycle(SqueezePolicy.Default, [3, 15, 9, 1], [7, -9, 1, 2], 0).ShouldNotBe(21 - 135 + 9 + 2, "four threads need narrow weights as well");
    }

    [Fact]
    public void Errors_of_products_stay_within_their_bounds_and_squeezed_products_are_ordered()
    {
        var squeezed = new Dictionary<string, HashSet<(int, int)>>(StringComparer.Ordinal);
        foreach (var policy in SqueezePolicy.All)
        {
            squeezed[policy.Name] = [];
            foreach (var x in Activations)
            {
                foreach (var w in Weights)
                {
                    // The partner's own product is exact: 1·1 is narrow in both operands and squeezed by S alone, to zero.
                    var partner = policy.Check == WidthCheck.None ? 0 : 1;
                    var error = Math.Abs(NbSmtProcessingElement.Cycle(policy, [x, 1], [w, 1], 0) - partner - (x * w));
                    if (policy.UsesIdleThreads && (x == 0 || w == 0)) error = 0;
                    var bound = policy.SqueezesWeight ? (w > 120 ? 15 : 8) * x : (x > 248 ? 15 : 8) * Math.Abs(w);
                    error.ShouldBeLessThanOrEqualTo(bound, $"{policy}: {x}·{w}");
                    if (error != 0) squeezed[policy.Name].Add((x, w));
                }
            }
        }

        squeezed["S+Aw"].ShouldBeSubsetOf(squeezed["S+A"]);
        squeezed["S+A"].ShouldBeSubsetOf(squeezed["A"]);
        squeezed["S+A"].ShouldBeSubsetOf(squeezed["S"]);
        squeezed["S+aW"].ShouldBeSubsetOf(squeezed["S+W"]);
    }

    [Fact]
    public void Neighbours_without_zero_weights_are_the_pairs_of_two_placements()
    {
        var random = new Random(4);
        var unit = new TrimmingUnit(SparqWindow.Find("4b2opt"), round: true, pairs: true);
        for (var length = 1; length < 200; length++)
        {
            var x = Enumerable.Range(0, length).Select(_ => (short)(random.Next(2) * random.Next(256))).ToArray();
            var w = Enumerable.Range(0, length).Select(_ => (short)((random.Next(2) * 2 * -64) + random.Next(1, 128))).Select(v => v == 0 ? (short)1 : v).ToArray();
            var threads = ThreadArrangement.Of(SparqLayers.Of(new float[length]), 2, ThreadSplit.Adjacent);
            NbSmtProcessingElement.DotProduct(SqueezePolicy.Default, threads, x, w).ShouldBe(SparqProcessingElement.DotProduct(unit, x, w));
        }
    }
}
