using FsCheck;
using FsCheck.Fluent;
using Subbyte.Methods.Sparq;

namespace Subbyte.Tests.Methods.Sparq;

public class SparqProcessingElementTests
{
    private static readonly Gen<short[]> Activations = Gen.Frequency((1, Gen.Constant((short)0)), (1, Gen.Choose(0, 255).Select(x => (short)x))).ArrayOf();

    [Fact]
    public void Dot_products_are_those_of_the_specification()
    {
        foreach (var row in SparqVectors.Rows("dot-products"))
        {
            var (x, w) = SparqVectors.Operands(row["case"]);
            x.Zip(w, (a, b) => a * b).Sum().ShouldBe(row.Integer("exact"));
            foreach (var window in SparqWindow.All)
            {
                var unit = SparqVectors.Unit(window.Name, row["rounding"]);
                var sum = row["case"] == "b" ? SparqProcessingElement.SparseDotProduct(unit, x, w) : SparqProcessingElement.DotProduct(unit, x, w);
                sum.ShouldBe(row.Integer(window.Name), $"({row["case"]}) {window.Name} {row["rounding"]}");
            }
        }
    }

    [Fact]
    public void Dropped_weights_give_the_sum_of_the_compacted_vectors()
    {
        var random = new Random(4);
        foreach (var window in SparqWindow.All)
        {
            var unit = new TrimmingUnit(window, round: true, pairs: true);
            for (var trial = 0; trial < 200; trial++)
            {
                var (x, w) = (new short[48], new short[48]);
                var (denseX, denseW) = (new short[24], new short[24]);
                for (var k = 0; k < 48; k++) x[k] = (short)(random.Next(2) * random.Next(256));
                for (var group = 0; group < 12; group++)
                {
                    var kept = Enumerable.Range(0, 4).OrderBy(_ => random.Next()).Take(2).Order().ToArray();
                    for (var i = 0; i < 2; i++)
                    {
                        var k = (4 * group) + kept[i];
                        w[k] = (short)(random.Next(1, 129) * (random.Next(2) == 0 ? -1 : 1));
                        (denseX[(2 * group) + i], denseW[(2 * group) + i]) = (x[k], w[k]);
                    }
                }

                SparqProcessingElement.SparseDotProduct(unit, x, w).ShouldBe(SparqProcessingElement.DotProduct(unit, denseX, denseW));
            }
        }
    }

    [Fact]
    public void A_third_weight_in_a_group_is_an_error()
        => Should.Throw<ArgumentException>(() => SparqProcessingElement.SparseDotProduct(SparqVectors.Unit("4b5opt/ROUND"), new short[8], [0, 0, 0, 0, 1, 2, 0, 3]));

    [Fact]
    public void Swapping_a_pair_or_moving_it_as_a_whole_leaves_the_sum()
    {
        var unit = SparqVectors.Unit("3b6opt/ROUND");
        Prop.ForAll(Activations.ToArbitrary(), x =>
        {
            x = x[..(x.Length & ~1)];
            var w = x.Select((_, k) => (short)((k * 37 % 256) - 128)).ToArray();
            var sum = SparqProcessingElement.DotProduct(unit, x, w);
            var swap = Enumerable.Range(0, x.Length).Select(k => k ^ 1).ToArray();
            var reverse = Enumerable.Range(0, x.Length).Select(k => (x.Length - 2 - (k & ~1)) | (k & 1)).ToArray();
            return new[] { swap, reverse }.All(order => SparqProcessingElement.DotProduct(unit, Permute(x, order), Permute(w, order)) == sum);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Moving_single_activations_changes_the_sum()
    {
        var unit = SparqVectors.Unit("4b2opt/RAW");
        SparqProcessingElement.DotProduct(unit, [31, 0, 31, 0], [1, 1, 1, 1]).ShouldBe(62);
        SparqProcessingElement.DotProduct(unit, [31, 31, 0, 0], [1, 1, 1, 1]).ShouldBe(32);
    }

    [Theory]
    [InlineData("4b5opt/RAW")]
    [InlineData("4b2opt/ROUND")]
    public void A_row_whose_pairs_all_hold_a_zero_is_the_exact_eight_bit_product(string unit)
        => Prop.ForAll(Activations.ToArbitrary(), x =>
        {
            for (var k = 1; k < x.Length; k += 2) x[k - (x[k] & 1)] = 0;
            var w = x.Select((_, k) => (short)((k * 91 % 256) - 128)).ToArray();
            return SparqProcessingElement.DotProduct(SparqVectors.Unit(unit), x, w) == x.Zip(w, (a, b) => (long)a * b).Sum();
        }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(SparqVectors.Units), MemberType = typeof(SparqVectors))]
    public void Without_zeros_pairs_change_nothing(string window, bool round)
    {
        var random = new Random(6);
        var x = Enumerable.Range(0, 500).Select(_ => (short)random.Next(1, 256)).ToArray();
        var w = Enumerable.Range(0, 500).Select(_ => (short)random.Next(-128, 128)).ToArray();
        var (with, without) = (new TrimmingUnit(SparqWindow.Find(window), round, true), new TrimmingUnit(SparqWindow.Find(window), round, false));
        SparqProcessingElement.DotProduct(with, x, w).ShouldBe(SparqProcessingElement.DotProduct(without, x, w));
    }

    private static short[] Permute(short[] values, int[] order) => [.. order.Select(k => values[k])];
}
