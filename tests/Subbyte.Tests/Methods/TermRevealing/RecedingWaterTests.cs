using FsCheck;
using FsCheck.Fluent;
using Subbyte.Formats;
using Subbyte.Lowering;
using Subbyte.Methods.TermRevealing;
using Subbyte.Tests.Formats;

namespace Subbyte.Tests.Methods.TermRevealing;

public class RecedingWaterTests
{
    private const string Folder = "Methods/TermRevealing/";

    [Fact]
    public void RevealsTheGroupsOfTheSpecification()
    {
        foreach (var row in VectorTable.Read(Folder + "groups.vectors.txt"))
        {
            var encoding = Encodings.Named(row["encoding"]);
            var group = Codes(row["q"]);
            var (revealed, kept) = Reveal(encoding, group, row.Integer("k"));
            revealed.ShouldBe(Codes(row["revealed"]), row.ToString());
            string.Join(" / ", group.Select((code, j) => Kept(encoding, code, kept[j]))).ShouldBe(row["kept"], row.ToString());
        }
    }

    [Fact]
    public void ShortGroupsKeepTheWholeBudgetOrTheirShare()
    {
        short[] channels = [7, -5, 3, 0, 11, -6, 1, 2, 27, -13];
        foreach (var row in VectorTable.Read(Folder + "tails.vectors.txt"))
        {
            var options = new TermRevealingOptions { Budget = row.Integer("k"), Tail = Enum.Parse<TailBudget>(row["tail"], ignoreCase: true) };
            var layer = Layers.FullyConnected(outputs: 1, depth: channels.Length);
            RevealedWeights.Of(layer, new WeightPlane(channels, [1f], 8), options).Codes.ShouldBe(Codes(row["revealed"]), row.ToString());
        }
    }

    [Fact]
    public void GroupsCrossNeitherOutputsNorKernelPositions()
    {
        // Three channels, 2 x 1 outputs, 1 x 1 against 2 x 2 kernels: with g = 8 every kernel position is a group of its own.
        short[] codes = [.. Enumerable.Repeat<short>(3, 24)];
        var layer = Layers.Convolution(outputs: 2, channels: 3, kernel: 2, positions: 1);
        var revealed = RevealedWeights.Of(layer, new WeightPlane(codes, [1f, 1f], 8), new TermRevealingOptions { Budget = 4 });
        foreach (var position in revealed.Codes.Chunk(3)) position.ShouldBe([3, 4, 4]);
        revealed.Terms.Sum(count => count).ShouldBe(8 * 4);
    }

    [Fact]
    public void AgreesWithSortingAllTermsByExponentThenIndex() => ForAnyGroup((encoding, group, budget) =>
    {
        var all = group.SelectMany((code, j) => Encodings.Terms(encoding, Math.Abs((int)code)).Select(term => (j, term))).ToArray();
        var expected = new short[group.Length];
        foreach (var (j, term) in all.OrderByDescending(entry => entry.term.Exponent).ThenBy(entry => entry.j).Take(budget))
            expected[j] += (short)(Math.Sign(group[j]) * term.Value);
        var (revealed, kept) = Reveal(encoding, group, budget);
        return revealed.SequenceEqual(expected) && kept.Sum(count => count) == Math.Min(budget, all.Length);
    });

    [Fact]
    public void ABudgetForAllTermsChangesNothing() => ForAnyGroup((encoding, group, _) =>
        Reveal(encoding, group, group.Sum(code => Encodings.Terms(encoding, Math.Abs((int)code)).Length)).Revealed.SequenceEqual(group));

    [Fact]
    public void IsIdempotentExceptForBooth() => ForAnyGroup((encoding, group, budget) =>
    {
        if (encoding is SignedDigitEncoding.Booth2 or SignedDigitEncoding.Booth4) return true;
        var once = Reveal(encoding, group, budget).Revealed;
        return Reveal(encoding, once, budget).Revealed.SequenceEqual(once);
    });

    [Fact]
    public void NegatingAGroupNegatesTheResult() => ForAnyGroup((encoding, group, budget) =>
        Reveal(encoding, [.. group.Select(code => (short)-code)], budget).Revealed
            .SequenceEqual(Reveal(encoding, group, budget).Revealed.Select(code => (short)-code)));

    [Fact]
    public void AppendedZerosChangeNothing() => ForAnyGroup((encoding, group, budget) =>
        Reveal(encoding, [.. group, 0, 0, 0], budget).Revealed.SequenceEqual(Reveal(encoding, group, budget).Revealed.Concat(new short[3])));

    [Fact]
    public void ALargerBudgetNeverMakesTheErrorLarger() => ForAnyGroup((encoding, group, budget) =>
        SquaredError(group, Reveal(encoding, group, budget + 1).Revealed) <= SquaredError(group, Reveal(encoding, group, budget).Revealed));

    [Fact]
    public void PermutingAGroupMattersOnlyThroughTies() => ForAnyGroup((encoding, group, budget) =>
    {
        // The levels above the one at which the budget ends are kept whole, whatever the order.
        short[] reversed = [.. group.Reverse()];
        var (there, back) = (Reveal(encoding, group, budget), Reveal(encoding, reversed, budget));
        var differences = there.Revealed.Zip(back.Revealed.Reverse(), (a, b) => Math.Abs(a - b)).Where(difference => difference != 0).Distinct().ToArray();
        return differences.Length <= 1 && differences.All(difference => int.IsPow2(difference));
    });

    [Fact]
    public void OneGroupOfOneWithAllTermsIsPlainQuantization()
    {
        foreach (var encoding in Encodings.All)
        {
            for (short code = -256; code <= 256; code++) Reveal(encoding, [code], 10).Revealed.ShouldBe([code]);
        }
    }

    private static (short[] Revealed, byte[] Kept) Reveal(SignedDigitEncoding encoding, short[] group, int budget)
    {
        var (revealed, kept) = (new short[group.Length], new byte[group.Length]);
        var total = RecedingWater.Reveal(new SignedDigitTable(encoding, 256), group, budget, revealed, kept);
        total.ShouldBe(kept.Sum(count => count));
        return (revealed, kept);
    }

    private static void ForAnyGroup(Func<SignedDigitEncoding, short[], int, bool> property)
    {
        var groups = from encoding in Gen.Elements(Encodings.All)
                     from length in Gen.Choose(1, 32)
                     from codes in Gen.ArrayOf(Gen.OneOf(Gen.Choose(-128, 128), Gen.Choose(-9, 9)), length)
                     from budget in Gen.Choose(0, 64)
                     select (encoding, codes.Select(code => (short)code).ToArray(), budget);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(groups.ToArbitrary(), group => property(group.encoding, group.Item2, group.budget)));
    }

    private static string Kept(SignedDigitEncoding encoding, int code, int count)
        => count == 0 ? "-" : string.Concat(Encodings.Terms(encoding, Math.Abs(code))[..count].Select(term => code < 0 ? new SignedTerm(term.Exponent, !term.IsNegative) : term));

    private static short[] Codes(string cell) => [.. cell.Split(' ').Select(short.Parse)];

    private static long SquaredError(short[] exact, short[] approximate) => exact.Zip(approximate, (a, b) => (long)(a - b) * (a - b)).Sum();
}
