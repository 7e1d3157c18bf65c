using System.Numerics;
using Subbyte.Lowering;
using Subbyte.Methods.Binary;
using Subbyte.Methods.SiBnn;

namespace Subbyte.Tests.Methods.SiBnn;

/// <summary>The specification's vectors, and the invariants of section 5.</summary>
public sealed class SiBnnVectorTests
{
    private const int Depth = 9;

    [Fact]
    public void The_step_and_its_gradient_follow_the_vectors()
    {
        foreach (var row in VectorTable.Read("Methods/SiBnn/step.vectors.txt"))
        {
            var step = new StepFunction(1, new SiBnnOptions());
            float[][] parameters = [[row.Float("b")], [row.Float("s")]];
            float[][] gradients = [[0], [0]];
            var (a, toX) = (new float[1], new float[1]);
            step.Forward([row.Float("x")], parameters, a);
            step.Backward([row.Float("x")], parameters, [1], toX, gradients);
            var passes = row.Integer("passes");
            a[0].ShouldBe(row.Float("a"), row.ToString());
            toX[0].ShouldBe(passes * row.Float("s"), row.ToString());
            gradients[0][0].ShouldBe(-passes * row.Float("s"), row.ToString());
            gradients[1][0].ShouldBe(passes * row.Float("du_ds"), 1e-7f, row.ToString());
        }
    }

    [Theory]
    [InlineData(BinaryGradient.Repo, "repo")]
    [InlineData(BinaryGradient.Exact, "exact")]
    public void Weights_and_their_gradients_follow_the_vectors(BinaryGradient form, string column)
    {
        foreach (var row in VectorTable.Read("Methods/SiBnn/weights.vectors.txt"))
        {
            var quantizer = Weights(form);
            var (latents, quantized, gradient) = (row.Floats("latents"), new float[4], new float[4]);
            quantizer.BeginStep(latents, []);
            quantizer.Forward(latents, [], quantized);
            quantized.ShouldBe(row.Integers("signs").Select(sign => sign * row.Float("alpha")), 1e-7);
            quantizer.Backward(latents, [], row.Floats("gradient"), gradient, []);
            gradient.ShouldBe(row.Floats(column), 1e-6);
            quantizer.Codes(latents, []).Single.Codes.Select(code => (int)code).ShouldBe(row.Integers("signs"));
        }
    }

    [Fact]
    public void The_three_forms_of_the_dot_product_of_the_vectors()
    {
        ulong[] a = [0xd1d6db166e8a937b, 0x3b];
        ulong[] p = [0x27054c25e04b9c1a, 0x0e];
        (BitDot.And(a, p), BitDot.Xnor(a, p, 70), BitDot.Sparse(a, p)).ShouldBe((-9, -9, -9));
        a.Zip(p, (x, y) => BitOperations.PopCount(x & y)).Sum().ShouldBe(16);
        a.Sum(BitOperations.PopCount).ShouldBe(41);
        a.Zip(p, (x, y) => BitOperations.PopCount(x ^ y)).Sum().ShouldBe(38);
    }

    [Fact]
    public void The_forms_agree_with_the_integers_and_have_the_parity_of_the_ones()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var length = random.Next(1, 200);
            var (a, w) = (Enumerable.Range(0, length).Select(_ => random.Next(3) == 0).ToArray(), Enumerable.Range(0, length).Select(_ => random.Next(2) == 0).ToArray());
            var expected = a.Zip(w, (x, y) => x ? y ? 1 : -1 : 0).Sum();
            var (words, signs) = (BitDot.Pack(a), BitDot.Pack(w));
            (BitDot.And(words, signs), BitDot.Xnor(words, signs, length), BitDot.Sparse(words, signs)).ShouldBe((expected, expected, expected));
            ((expected - a.Count(bit => bit)) % 2).ShouldBe(0);
        }
    }

    [Fact]
    public void A_convolution_with_zero_padding_is_exact()
    {
        int[,] a = { { 1, 0, 1 }, { 0, 1, 1 }, { 1, 1, 0 } };
        int[,] w = { { 1, -1, 1 }, { -1, 1, 1 }, { 1, -1, -1 } };
        int[] dots = [0, -2, 1, -2, 4, 0, 3, 0, -1];
        int[] ones = [2, 4, 3, 4, 6, 4, 3, 4, 3];
        for (var position = 0; position < 9; position++)
        {
            var (activations, weights) = (new bool[Depth], new bool[Depth]);
            for (var k = 0; k < Depth; k++)
            {
                var (y, x) = ((position / 3) + (k / 3) - 1, (position % 3) + (k % 3) - 1);
                activations[k] = y is >= 0 and < 3 && x is >= 0 and < 3 && a[y, x] == 1;
                weights[k] = w[k / 3, k % 3] == 1;
            }

            var (words, signs) = (BitDot.Pack(activations), BitDot.Pack(weights));
            (BitDot.And(words, signs), BitDot.Xnor(words, signs, Depth)).ShouldBe((dots[position], dots[position]));
            activations.Count(bit => bit).ShouldBe(ones[position]);
        }
    }

    [Fact]
    public void Thresholds_fold_into_integers()
    {
        foreach (var row in VectorTable.Read("Methods/SiBnn/folds.vectors.txt"))
        {
            var rule = DotThreshold.Fold(row.Number("a"), row.Number("c"), 0, inclusive: false, Depth);
            var held = Enumerable.Range(-Depth, (2 * Depth) + 1).Where(rule.Holds).ToArray();
            var text = held.Length == (2 * Depth) + 1 ? "always" : held.Length == 0 ? "never" : $"{(rule.IsUpper ? ">=" : "<=")} {rule.Bound}";
            text.ShouldBe(row["rule"], row.ToString());
        }
    }

    [Fact]
    public void A_folded_threshold_is_the_test_in_double_for_every_dot_product()
    {
        var random = new Random(5);
        for (var trial = 0; trial < 20_000; trial++)
        {
            // Boundaries that fall on integers, where the rounding of a quotient would lie.
            var a = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 3));
            var c = random.Next(2) == 0 ? -a * random.Next(-20, 20) : random.NextDouble() - 0.5;
            var level = random.Next(3) * 0.5;
            var inclusive = random.Next(2) == 0;
            var rule = DotThreshold.Fold(a, c, level, inclusive, 20);
            for (var dot = -20; dot <= 20; dot++)
            {
                var product = a * dot;
                rule.Holds(dot).ShouldBe(inclusive ? product + c >= level : product + c > level);
                rule.Not().Holds(dot).ShouldBe(!rule.Holds(dot));
            }
        }
    }

    [Fact]
    public void The_largest_of_several_bits_is_the_bit_of_the_largest_value()
    {
        // Max pooling commutes with the step where s > 0, as OR, and becomes AND where s < 0 (section 3.7).
        var random = new Random(3);
        for (var trial = 0; trial < 1000; trial++)
        {
            float[] x = [.. Enumerable.Range(0, 4).Select(_ => random.NextSingle() - 0.5f)];
            var s = random.Next(2) == 0 ? 1f : -1f;
            var step = new StepFunction(1, new SiBnnOptions());
            var (bits, pooled) = (new float[4], new float[1]);
            step.Forward(x, [[0.1f], [s]], bits);
            step.Forward([x.Max()], [[0.1f], [s]], pooled);
            pooled[0].ShouldBe(s > 0 ? bits.Max() : bits.Min());
        }
    }

    private static BinaryWeights Weights(BinaryGradient form) => new(1, 4, new BinaryTraining("si-bnn", form, true, LatentStart.Scratch, 0));
}
