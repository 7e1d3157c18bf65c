using Subbyte.Methods.Sparq;

namespace Subbyte.Tests.Methods.Sparq;

public class PairFormatTests
{
    [Fact]
    public void Sizes_are_those_of_the_specification()
    {
        foreach (var row in SparqVectors.Rows("formats"))
        {
            var format = new PairFormat(SparqVectors.Unit(row["window"], "ROUND"));
            format.BitsPerPair.ShouldBe(row.Integer("bitsPerPair"));
            format.BitsPerActivation.ShouldBe(row.Number("bitsPerActivation"));
        }
    }

    [Theory]
    [MemberData(nameof(SparqVectors.Units), MemberType = typeof(SparqVectors))]
    public void Every_pair_is_read_back_as_what_the_multipliers_see(string window, bool round)
    {
        foreach (var pairs in new[] { true, false })
        {
            var unit = new TrimmingUnit(SparqWindow.Find(window), round, pairs);
            var format = new PairFormat(unit);
            Enumerable.Range(0, 65536).Where(x => !IsReadBack(x >> 8, x & 255)).ShouldBeEmpty();

            bool IsReadBack(int first, int second)
            {
                var stored = format.Encode(first, second);
                return stored >> format.BitsPerPair == 0 && format.Decode(stored) == (Expected(unit, first, second), Expected(unit, second, first));
            }
        }
    }

    [Fact]
    public void A_mask_pays_from_a_few_percent_of_zeros_on()
    {
        var trimmed = new PairFormat(SparqVectors.Unit("4b5opt", "ROUND", pairs: false));
        trimmed.MaskedBitsPerActivation(oneZero: 0.5, bothNonZero: 0.25).ShouldBe(4.5);
        trimmed.MaskedBitsPerActivation(0, 1).ShouldBe(8);

        // Independent zeros of probability z: pairs with one zero 2z(1 − z), with none (1 − z)².
        foreach (var (window, share) in new[] { ("4b5opt", 0.0714), ("4b2opt", 0.1), ("2b7opt", 0.1) })
        {
            var format = new PairFormat(SparqVectors.Unit(window, "ROUND", pairs: false));
            Masked(share + 0.001).ShouldBeLessThan(format.BitsPerActivation);
            Masked(share - 0.001).ShouldBeGreaterThan(format.BitsPerActivation);
            double Masked(double z) => format.MaskedBitsPerActivation(2 * z * (1 - z), (1 - z) * (1 - z));
        }

        new PairFormat(SparqVectors.Unit("4b2opt/ROUND")).MaskedBitsPerActivation(oneZero: 1, bothNonZero: 0).ShouldBe(1 + 4);
        new PairFormat(SparqVectors.Unit("3b6opt/ROUND")).MaskedBitsPerActivation(oneZero: 1, bothNonZero: 0).ShouldBe(1 + 4);
        new PairFormat(SparqVectors.Unit("2b7opt/ROUND")).MaskedBitsPerActivation(oneZero: 1, bothNonZero: 0).ShouldBe(1 + 3.5);
    }

    private static int Expected(TrimmingUnit unit, int value, int partner) => partner == 0 ? unit.Survivor[value] : unit.Trim[value];
}
