using Subbyte.Formats;

namespace Subbyte.Tests.Formats;

public class SignedDigitsTests
{
    private const string Folder = "Formats/SignedDigits/";

    [Fact]
    public void EncodesTheMagnitudesOfTheSpecification()
    {
        foreach (var row in VectorTable.Read(Folder + "encodings.vectors.txt"))
        {
            var m = row.Integer("m");
            foreach (var name in new[] { "booth4", "naf", "hese-run", "hese" }) Text(Encodings.Terms(Encodings.Named(name), m)).ShouldBe(row[name], $"{name} of {m}");
            var bits = row["binary"] == "-" ? 0 : Convert.ToInt32(row["binary"], 2);
            Encodings.Terms(SignedDigitEncoding.Binary, m).Sum(term => term.Value).ShouldBe(bits);
        }
    }

    [Fact]
    public void WholeTablesHaveTheFingerprintsOfTheSpecification()
    {
        foreach (var row in VectorTable.Read(Folder + "fingerprints.vectors.txt"))
        {
            var encoding = Encodings.Named(row["encoding"]);
            Fingerprint(encoding, 255).ToString("x16").ShouldBe(row["bytes"], row["encoding"]);
            Fingerprint(encoding, 65535).ToString("x16").ShouldBe(row["words"], row["encoding"]);
            for (var s = 1; s <= 3; s++)
                Enumerable.Range(0, 256).Sum(m => SignedDigits.Leading(encoding, m, s)).ShouldBe(row.Integer($"s={s}"), $"{encoding}, {s} terms");
        }
    }

    [Fact]
    public void EightBitMagnitudesNeedTheTermsOfTheSpecification()
    {
        foreach (var row in VectorTable.Read(Folder + "distribution.vectors.txt"))
        {
            var encoding = Encodings.Named(row["encoding"]);
            var counts = Enumerable.Range(0, 256).Select(m => Encodings.Terms(encoding, m).Length).ToArray();
            Enumerable.Range(0, 9).Select(n => counts.Count(count => count == n)).ShouldBe(row.Integers("values"), row.ToString());
            counts.Average().ShouldBe(row.Number("mean"));
            counts.Where((count, m) => count > FewestTerms(m)).Count().ShouldBe(row.Integer("not minimal"), row.ToString());
        }
    }

    [Fact]
    public void LargestAndMeanTermCountsAreThoseOfTheSpecification()
    {
        foreach (var row in VectorTable.Read(Folder + "largest.vectors.txt"))
        {
            var table = new SignedDigitTable(Encodings.Named(row["encoding"]), 65535);
            row.Integers("bits").Select(bits => Enumerable.Range(0, 1 << bits).Max(table.Count)).ShouldBe(row.Integers("terms"), row.ToString());
        }

        foreach (var row in VectorTable.Read(Folder + "means.vectors.txt"))
        {
            var table = new SignedDigitTable(Encodings.Named(row["encoding"]), 65535);
            Enumerable.Range(0, 65536).Average(table.Count).ShouldBe(row.Number("mean"), 1e-5, row.ToString());
        }
    }

    [Fact]
    public void EveryEncoderIsExactWithStrictlyDecreasingExponents()
    {
        foreach (var encoding in Encodings.All)
        {
            for (var m = 0; m < 65536; m++)
            {
                var terms = Encodings.Terms(encoding, m);
                if (terms.Sum(term => term.Value) != m) Assert.Fail($"{encoding} of {m} is not exact");
                for (var i = 1; i < terms.Length; i++)
                {
                    if (terms[i].Exponent >= terms[i - 1].Exponent) Assert.Fail($"{encoding} of {m}: exponents do not decrease");
                }
            }
        }
    }

    [Fact]
    public void HeseAndNafHaveTheFewestTermsThatAnyEncodingCanHave()
    {
        for (var m = 0; m < 65536; m++)
        {
            var fewest = FewestTerms(m);
            if (Encodings.Terms(SignedDigitEncoding.Hese, m).Length != fewest) Assert.Fail($"hese of {m}");
            if (Encodings.Terms(SignedDigitEncoding.Naf, m).Length != fewest) Assert.Fail($"naf of {m}");
            var run = Encodings.Terms(SignedDigitEncoding.HeseRun, m).Length;
            if (run < fewest || run > int.PopCount(m)) Assert.Fail($"hese-run of {m}");
        }
    }

    [Fact]
    public void FirstTermsOfHeseAreBestApproximationsAndLoseAtMostAThirdEach()
    {
        var table = new SignedDigitTable(SignedDigitEncoding.Hese, 65535);
        var reachable = new HashSet<int> { 0 };
        for (var s = 1; s <= 4; s++)
        {
            reachable = [.. reachable.SelectMany(value => Enumerable.Range(0, 18).SelectMany(e => new[] { value, value + (1 << e), value - (1 << e) }))];
            int[] sorted = [.. reachable.Order()];
            for (var m = 0; m < 65536; m++)
            {
                var error = Math.Abs(m - table.Leading(m, s));
                if (error != Nearest(sorted, m)) Assert.Fail($"{s} terms of {m}");
                if (error * Math.Pow(3, s) > m) Assert.Fail($"{s} terms of {m} lose more than 3^-{s}");
            }
        }
    }

    [Fact]
    public void HeseIsOneFullAdderCellForEachBit()
    {
        // The Boolean form of the same encoder: a second implementation as the judge.
        for (var m = 0; m < 65536; m++)
        {
            var terms = new List<SignedTerm>();
            var state = false;
            for (var i = 16; i >= -1; i--)
            {
                var bit = i >= 0 && ((m >> i) & 1) != 0;
                var next = i >= 1 && ((m >> (i - 1)) & 1) != 0;
                if (state ^ bit) terms.Add(new(bit == next ? i + 1 : i, state));
                state = (state && bit) || (state && next) || (bit && next);
            }

            if (!terms.SequenceEqual(Encodings.Terms(SignedDigitEncoding.Hese, m))) Assert.Fail($"{m}");
        }
    }

    [Fact]
    public void AnotherTermNeverMakesTheErrorLarger()
    {
        foreach (var encoding in Encodings.All)
        {
            var table = new SignedDigitTable(encoding, 65535);
            for (var m = 0; m < 65536; m++)
            {
                for (var s = 0; s < table.Count(m); s++)
                {
                    if (Math.Abs(m - table.Leading(m, s + 1)) > Math.Abs(m - table.Leading(m, s))) Assert.Fail($"{encoding} of {m} at {s + 1} terms");
                }
            }
        }
    }

    [Fact]
    public void TruncationIsIdempotentExceptForBooth()
    {
        foreach (var encoding in Encodings.All.Except([SignedDigitEncoding.Booth2, SignedDigitEncoding.Booth4]))
        {
            for (var m = 0; m < 512; m++)
            {
                for (var s = 1; s <= 10; s++)
                {
                    var once = SignedDigits.Leading(encoding, m, s);
                    SignedDigits.Leading(encoding, once, s).ShouldBe(once, $"{encoding} of {m} to {s} terms");
                }
            }
        }

        SignedDigits.Leading(SignedDigitEncoding.Booth2, 1, 1).ShouldBe(2);
        SignedDigits.Leading(SignedDigitEncoding.Booth2, 2, 1).ShouldBe(4);
        SignedDigits.Leading(SignedDigitEncoding.Booth4, 6, 1).ShouldBe(8);
        SignedDigits.Leading(SignedDigitEncoding.Booth4, 8, 1).ShouldBe(16);
    }

    [Fact]
    public void TheTableIsTheEncoder()
    {
        foreach (var encoding in Encodings.All)
        {
            var table = new SignedDigitTable(encoding, 1023);
            for (var m = 0; m <= 1023; m++)
            {
                table.Terms(m).SequenceEqual(Encodings.Terms(encoding, m)).ShouldBeTrue($"{encoding} of {m}");
                table.Count(m).ShouldBe(table.Terms(m).Length);
                table.Leading(m, 2).ShouldBe(SignedDigits.Leading(encoding, m, 2));
            }
        }
    }

    [Fact]
    public void MagnitudesOutOfRangeAreRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Encodings.Terms(SignedDigitEncoding.Hese, -1));
        Should.Throw<ArgumentOutOfRangeException>(() => Encodings.Terms(SignedDigitEncoding.Hese, SignedDigits.MaximumMagnitude + 1));
        foreach (var encoding in Encodings.All)
            Encodings.Terms(encoding, SignedDigits.MaximumMagnitude).Sum(term => term.Value).ShouldBe(SignedDigits.MaximumMagnitude);
    }

    private static string Text(SignedTerm[] terms) => terms.Length == 0 ? "-" : string.Join(' ', terms);

    // w(2n) = w(n); w(2n + 1) = 1 + min(w(n), w(n + 1)).
    private static int FewestTerms(int m) => m switch
    {
        0 => 0,
        1 => 1,
        _ when (m & 1) == 0 => FewestTerms(m / 2),
        _ => 1 + Math.Min(FewestTerms(m / 2), FewestTerms((m / 2) + 1)),
    };

    private static int Nearest(int[] sorted, int m)
    {
        var i = Array.BinarySearch(sorted, m);
        if (i >= 0) return 0;
        i = ~i;
        return Math.Min(i < sorted.Length ? sorted[i] - m : int.MaxValue, i > 0 ? m - sorted[i - 1] : int.MaxValue);
    }

    private static ulong Fingerprint(SignedDigitEncoding encoding, int last)
    {
        var hash = 0xcbf29ce484222325;
        void Add(int value) => hash = unchecked((hash ^ (byte)value) * 0x100000001b3);
        for (var m = 0; m <= last; m++)
        {
            foreach (var term in Encodings.Terms(encoding, m)) Add((term.Exponent << 1) | (term.IsNegative ? 1 : 0));
            Add(0xff);
        }

        return hash;
    }
}
