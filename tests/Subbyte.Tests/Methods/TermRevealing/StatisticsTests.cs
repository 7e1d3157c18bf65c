using Subbyte.Formats;
using Subbyte.Methods.TermRevealing;
using Subbyte.Tests.Formats;

namespace Subbyte.Tests.Methods.TermRevealing;

/// <summary>What revealing does to 32,768 normal-like weights and data, as exact integers.</summary>
public class StatisticsTests
{
    private const string Folder = "Methods/TermRevealing/";

    [Fact]
    public void TheGeneratorGivesTheSamplesOfTheSpecification()
    {
        NormalLike.Samples(1, 8).ShouldBe([77649, 24274, -29037, -22393, -29033, 39805, -51513, -90235]);
        NormalLike.Weights[..8].ShouldBe(new short[] { 38, 12, -14, -11, -14, 19, -25, -44 });
        NormalLike.Weights.Sum(q => q * q).ShouldBe(33081812);
        NormalLike.Data[..9].ShouldBe(new short[] { 0, 52, 90, 45, 2, 0, 0, 0, 129 });
        NormalLike.Data.Sum(q => q * q).ShouldBe(66993385);
    }

    [Fact]
    public void SquaredErrorsOfRevealingAreThoseOfTheSpecification()
    {
        foreach (var row in VectorTable.Read(Folder + "errors.vectors.txt"))
        {
            var group = row.Integer("g");
            foreach (var share in new[] { "1", "1.25", "1.5", "1.75", "2", "2.5", "3" })
            {
                if (row[share] == "-") continue;
                var (revealed, _) = Reveal(Encodings.Named(row["encoding"]), group, (int)(double.Parse(share) * group));
                SquaredError(NormalLike.Weights, revealed).ShouldBe(row.Integer(share), $"{row["encoding"]}, g = {group}, k/g = {share}");
            }
        }
    }

    [Fact]
    public void KeptTermsAreThoseOfTheSpecification()
    {
        foreach (var row in VectorTable.Read(Folder + "kept.vectors.txt"))
            Reveal(SignedDigitEncoding.Hese, 8, row.Integer("k")).Kept.Sum(count => count).ShouldBe(row.Integer("kept"), row.ToString());
    }

    [Fact]
    public void ErrorsOfTruncatedDataAreThoseOfTheSpecification()
    {
        foreach (var row in VectorTable.Read(Folder + "truncation.vectors.txt"))
        {
            var digits = new SignedDigitTable(Encodings.Named(row["encoding"]), 255);
            for (var s = 1; s <= 4; s++)
            {
                short[] truncated = [.. NormalLike.Data.Select(x => (short)digits.Leading(x, s))];
                var error = SquaredError(NormalLike.Data, truncated) / 66993385.0;
                error.ToString("0.000e-0").ShouldBe(row[$"s={s}"], $"{digits.Encoding}, s = {s}");
            }
        }
    }

    [Fact]
    public void ErrorsOfPlainUniformQuantizationAreThoseOfTheSpecification()
    {
        float[] reals = [.. NormalLike.Samples(1, 32768).Select(v => v / 65536f)];
        foreach (var row in VectorTable.Read(Folder + "uniform-error.vectors.txt"))
        {
            var bits = row.Integer("bits");
            var scale = 4f / (1 << (bits - 1));
            var codes = new short[reals.Length];
            TermRevealingQuantizer.Encode(reals, scale, bits, codes);
            var error = reals.Zip(codes, (x, q) => Math.Pow(x - (q * scale), 2)).Sum() / reals.Sum(x => (double)x * x);
            error.ToString("0.00e-0").ShouldBe(row["error"], $"{bits} bits");
        }
    }

    [Fact]
    public void SharesOfWeightsWithFewTermsAreThoseOfTheSpecification()
    {
        foreach (var row in VectorTable.Read(Folder + "shares.vectors.txt"))
        {
            var digits = new SignedDigitTable(Encodings.Named(row["encoding"]), 128);
            Enumerable.Range(2, 3).Select(n => NormalLike.Weights.Count(q => digits.Count(Math.Abs(q)) <= n)).ShouldBe(row.Integers("weights"), row.ToString());
        }
    }

    [Fact]
    public void TermPairsOfGroupsAreThoseOfTheSpecification()
    {
        foreach (var row in VectorTable.Read(Folder + "pairs.vectors.txt"))
        {
            var (group, budget, terms) = (row.Integer("g"), row.Integer("k"), row.Integer("s"));
            var digits = new SignedDigitTable(Encodings.Named(row["encoding"]), 255);
            var (_, kept) = Reveal(digits.Encoding, group, budget == 0 ? int.MaxValue : budget);
            int[] pairs = [.. kept.Zip(NormalLike.Data, (count, x) => count * Math.Min(terms == 0 ? int.MaxValue : terms, digits.Count(x)))
                .Chunk(group).Select(chunk => chunk.Sum()).Order()];
            pairs.Average().ToString("0.0").ShouldBe(row["mean"], row.ToString());
            pairs[^1].ShouldBe(row.Integer("largest"), row.ToString());
            pairs[(int)(0.99 * pairs.Length)].ShouldBe(row.Integer("99th percentile"), row.ToString());
            if (budget > 0) pairs[^1].ShouldBeLessThanOrEqualTo(row.Integer("bound"));
        }
    }

    private static (short[] Revealed, byte[] Kept) Reveal(SignedDigitEncoding encoding, int group, int budget)
    {
        var digits = new SignedDigitTable(encoding, 128);
        var weights = NormalLike.Weights;
        var (revealed, kept) = (new short[weights.Length], new byte[weights.Length]);
        for (var i = 0; i < weights.Length; i += group)
            RecedingWater.Reveal(digits, weights.AsSpan(i, group), budget, revealed.AsSpan(i), kept.AsSpan(i));
        return (revealed, kept);
    }

    private static long SquaredError(short[] exact, short[] approximate) => exact.Zip(approximate, (a, b) => (long)(a - b) * (a - b)).Sum();
}
