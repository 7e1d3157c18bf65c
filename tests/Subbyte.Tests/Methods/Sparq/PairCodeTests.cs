using System.Security.Cryptography;
using Subbyte.Methods.Sparq;

namespace Subbyte.Tests.Methods.Sparq;

public class PairCodeTests
{
    [Fact]
    public void Pairs_become_the_values_of_the_specification()
    {
        foreach (var row in SparqVectors.Rows("pairs"))
        {
            short[] pair = [(short)row.Integer("x1"), (short)row.Integer("x2")];
            foreach (var column in row.Columns.Skip(2))
                string.Join('/', Encode(SparqVectors.Unit(column), pair)).ShouldBe(row[column], $"{column} of {pair[0]}, {pair[1]}");
        }
    }

    [Fact]
    public void All_pairs_become_the_values_of_the_specification()
    {
        foreach (var row in SparqVectors.Rows("pair-tables"))
        {
            var codes = new byte[131072];
            new PairCode(SparqVectors.Unit(row["window"], row["rounding"])).TryEncode(AllPairs(), codes).ShouldBeTrue();
            codes.Sum(code => (long)code).ShouldBe(row.Integer("sum"));
            Convert.ToHexStringLower(SHA256.HashData(codes)).ShouldBe(row["sha256"]);
        }
    }

    [Theory]
    [MemberData(nameof(SparqVectors.Units), MemberType = typeof(SparqVectors))]
    public void The_processing_element_multiplies_by_the_code_of_every_pair(string window, bool round)
    {
        const int First = -77, Second = 128;
        foreach (var pairs in new[] { true, false })
        {
            var unit = new TrimmingUnit(SparqWindow.Find(window), round, pairs);
            Enumerable.Range(0, 65536).Where(x => !Agrees(x >> 8, x & 255)).ShouldBeEmpty();

            bool Agrees(int first, int second)
            {
                var operands = unit.Prepare(first, second);
                var codes = pairs ? Encode(unit, [(short)first, (short)second]) : [unit.Trim[first], unit.Trim[second]];
                return FitsTheMultiplier(operands.First) && FitsTheMultiplier(operands.Second)
                    && SparqProcessingElement.Cycle(operands, First, Second, 0) == (codes[0] * First) + (codes[1] * Second);
            }

            bool FitsTheMultiplier(SparqWindow.Placement operand)
                => operand.Bits >> unit.Window.Width == 0 && (operand.Bits == 0 || unit.Window.Shifts.Contains(operand.Shift));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Bytes_and_words_are_encoded_alike_at_every_length(int distance)
    {
        var random = new Random(distance);
        var code = new PairCode(SparqVectors.Unit("3b6opt/ROUND"), distance);
        for (var length = 0; length < 150; length++)
        {
            var bytes = Enumerable.Range(0, length).Select(_ => (byte)(random.Next(3) == 0 ? 0 : random.Next(256))).ToArray();
            var codes = new byte[length];
            var words = new short[length];
            code.TryEncode(bytes, codes).ShouldBeTrue();
            code.Encode(Array.ConvertAll(bytes, value => (short)value), 1, words);
            words.ShouldBe(Array.ConvertAll(codes, value => (short)value));
        }
    }

    [Fact]
    public void A_partner_is_looked_for_inside_the_group_of_four_only()
    {
        short[] patch = [200, 0, 0, 31, 200, 0, 31];
        var unit = SparqVectors.Unit("4b2opt/RAW");
        Encode(unit, patch, 3).ShouldBe(new short[] { 192, 0, 0, 16, 200, 0, 31 });
        Encode(unit, patch, 2).ShouldBe(new short[] { 200, 0, 0, 31, 192, 0, 16 });
        Encode(unit, patch, 1).ShouldBe(new short[] { 200, 0, 0, 31, 200, 0, 31 });
    }

    [Fact]
    public void At_four_bits_a_pair_with_a_zero_is_exact_and_so_is_the_odd_tail()
    {
        var unit = SparqVectors.Unit("4b2opt/RAW");
        for (short x = 0; x < 256; x++)
        {
            Encode(unit, [x, 0]).ShouldBe(new short[] { x, 0 });
            Encode(unit, [0, x]).ShouldBe(new short[] { 0, x });
            Encode(unit, [255, 255, x])[2].ShouldBe(x);
        }

        // The doubled window of two bits is 4b5opt: the survivor is trimmed too.
        Encode(SparqVectors.Unit("2b7opt/ROUND"), [173, 0]).ShouldBe(new short[] { 176, 0 });
        Encode(SparqVectors.Unit("3b6opt/ROUND"), [27, 100, 173])[2].ShouldBe((short)172);
    }

    [Fact]
    public void Without_zeros_pairs_of_two_placements_are_the_squeezed_operands_of_two_threads()
    {
        // NB-SMT's activation policies squeeze x to 16·min(15, x/16 rounded half to even) unless it fits four bits.
        var unit = SparqVectors.Unit("4b2opt/ROUND");
        for (var x = 1; x < 256; x++)
        {
            var squeezed = x < 16 ? x : 16 * Math.Min(15, (int)Math.Round(x / 16.0, MidpointRounding.ToEven));
            Encode(unit, [(short)x, 99])[0].ShouldBe((short)squeezed);
        }
    }

    private static short[] Encode(TrimmingUnit unit, short[] patch, int distance = 1)
    {
        var codes = new short[patch.Length];
        new PairCode(unit, distance).Encode(patch, 1, codes);
        return codes;
    }

    private static byte[] AllPairs()
    {
        var pairs = new byte[131072];
        for (var x = 0; x < 65536; x++) (pairs[2 * x], pairs[(2 * x) + 1]) = ((byte)(x >> 8), (byte)(x & 255));
        return pairs;
    }
}
