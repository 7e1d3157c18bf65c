using System.Globalization;
using Subbyte.Experiments.Reproduction.Statistics;
using Subbyte.Kernels;
using Subbyte.Methods.Mlt;

namespace Subbyte.Tests.Methods.Mlt;

/// <summary>The specification's vectors.</summary>
public sealed class MltVectorTests
{
    private static readonly float[] Weights = [0.9f, -0.05f, 0.3f, -0.7f, 0.02f, 0, -0.35f, 1.4f, -0.1f, 0.55f, -1.1f, 0.2f];

    [Fact]
    public void Two_levels_follow_the_vectors()
    {
        var codebook = TernaryCodebook.Nearest([1, 0.5]);
        var trits = new sbyte[2];
        foreach (var row in VectorTable.Read("Methods/Mlt/two-levels.vectors.txt"))
        {
            codebook.EncodeGreedily(row.Number("x"), trits);
            trits.Select(trit => (int)trit).ShouldBe(row.Integers("trits"), row.ToString());
            codebook.Encode(row.Number("x"), trits).ShouldBe(row.Number("value"), row.ToString());
            (row.Number("x") - codebook.Value(trits)).ShouldBe(row.Number("residual"), 1e-12);
            if (row.Number("x") == 0.51) trits.ShouldBe([(sbyte)0, (sbyte)1], "the canonical word has fewer digits");
        }
    }

    [Fact]
    public void Balanced_ternary_follows_the_vectors()
    {
        var codebook = TernaryCodebook.Nearest([9, 3, 1]);
        var trits = new sbyte[3];
        foreach (var row in VectorTable.Read("Methods/Mlt/balanced.vectors.txt"))
        {
            codebook.Encode(row.Number("x"), trits).ShouldBe(row.Number("value"), row.ToString());
            trits.Select(trit => (int)trit).ShouldBe(row.Integers("trits"), row.ToString());
        }
    }

    [Fact]
    public void The_fit_follows_the_vectors()
    {
        foreach (var row in VectorTable.Read("Methods/Mlt/fit.vectors.txt"))
        {
            var level = row.Integer("level");
            var codebook = TernaryFit.Fit(Weights, [], level);
            codebook.Scales[^1].ShouldBe(row.Number("scale"), 1e-7);
            codebook.Thresholds[^1].ShouldBe(row.Number("threshold"), 1e-7);
            var trits = new sbyte[level];
            Weights.Select(weight =>
            {
                codebook.EncodeGreedily(weight, trits);
                return (int)trits[^1];
            }).ShouldBe(row.Integers("trits"));
            Weights.Average(weight => Math.Pow(weight - codebook.Encode(weight, trits), 2)).ShouldBe(row.Number("mse"), 1e-7);
        }
    }

    [Fact]
    public void Two_levels_of_the_fit_have_as_many_zeros_as_the_vectors_say_and_are_optimal()
    {
        var codebook = TernaryFit.Fit(Weights, [], 2);
        var words = Weights.Select(weight =>
        {
            var trits = new sbyte[2];
            codebook.Encode(weight, trits);
            return trits;
        }).ToArray();
        words.Sum(word => word.Count(trit => trit == 0)).ShouldBe(12);
        words.Count(word => word.All(trit => trit == 0)).ShouldBe(4);
        TernaryFit.Refit(Weights, codebook).ShouldBe([0.833333333, 0.35], 1e-6);
    }

    [Fact]
    public void Packed_dot_products_follow_the_vectors()
    {
        var planes = VectorTable.Read("Methods/Mlt/planes.vectors.txt").ToDictionary(row => row["plane"], row => new TritPlanes(Words(row["mask"]), Words(row["sign"])));
        int[] dots = [.. new[] { ("w1", "a1"), ("w1", "a2"), ("w2", "a1"), ("w2", "a2") }.Select(pair => planes[pair.Item1].Dot(planes[pair.Item2]))];
        dots.ShouldBe([2, 0, 7, 2]);
        TritPlanes[] weights = [planes["w1"], planes["w2"]];
        TritPlanes[] activations = [planes["a1"], planes["a2"]];
        MltReference.Dot(weights, [1, 0.5f], activations, [0.75f, 0.25f]).ShouldBe(4.375f);
        var (w, a) = (weights.Select(plane => plane.Unpack(70)).ToArray(), activations.Select(plane => plane.Unpack(70)).ToArray());
        int Digits(short[][] words, int k) => words.Count(plane => plane[k] != 0);
        Enumerable.Range(0, 70).Sum(k => Digits(w, k) * Digits(a, k)).ShouldBe(121, "of 280 digit pairs");
        Enumerable.Range(0, 70).Count(k => Digits(w, k) > 0 && Digits(a, k) > 0).ShouldBe(54, "of 70 words");
    }

    [Fact]
    public void Planes_and_bytes_come_back()
    {
        var random = new Random(2);
        for (var trial = 0; trial < 200; trial++)
        {
            short[] x = [.. Enumerable.Range(0, random.Next(1, 150)).Select(_ => (short)random.Next(-1, 2))];
            short[] y = [.. x.Select(_ => (short)random.Next(-1, 2))];
            TritPlanes.Pack(x).Unpack(x.Length).ShouldBe(x);
            TritPlanes.Pack(x).Dot(TritPlanes.Pack(y)).ShouldBe(x.Zip(y, (a, b) => a * b).Sum());
        }

        foreach (var row in VectorTable.Read("Methods/Mlt/base-3.vectors.txt"))
        {
            short[] trits = [.. row.Integers("trits").Select(trit => (short)trit)];
            ((int)MltReference.PackBase3(trits)).ShouldBe(row.Integer("byte"));
            var back = new short[trits.Length];
            MltReference.UnpackBase3((byte)row.Integer("byte"), back);
            back.ShouldBe(trits);
        }
    }

    [Fact]
    public void A_normal_sample_has_the_errors_and_zeros_of_the_vectors()
    {
        var random = new SeededRandom(1);
        float[] sample = [.. Enumerable.Range(0, 1_000_000).Select(_ => (float)random.NextGaussian())];
        foreach (var row in VectorTable.Read("Methods/Mlt/gaussian.vectors.txt"))
        {
            var levels = row.Integer("levels");
            var codebook = TernaryFit.Fit(sample, [], levels);
            codebook.Scales.ToArray().ShouldBe(row.Numbers("scales"), 0.012);
            var trits = new sbyte[levels];
            double error = 0, zeros = 0, words = 0;
            foreach (var x in sample)
            {
                codebook.EncodeGreedily(x, trits);
                error += Math.Pow(x - codebook.Value(trits), 2);
                var nonZero = trits.Count(trit => trit != 0);
                zeros += levels - nonZero;
                if (nonZero == 0) words++;
            }

            (error / sample.Length / row.Number("mse")).ShouldBe(1, 0.01);
            (zeros / sample.Length / levels).ShouldBe(row.Number("zero_trits"), 0.005);
            (words / sample.Length).ShouldBe(row.Number("zero_words"), 0.005);
            (DrawnStatistics.Value($"levels-of-normal levels={levels} of=binaryerror") / row.Number("binary")).ShouldBe(1, 0.01);
            (DrawnStatistics.Value($"levels-of-normal levels={levels} of=error") / row.Number("mse")).ShouldBe(1, 0.01);
        }
    }

    private static ulong[] Words(string text) => [.. text.Split(' ').Select(word => ulong.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
