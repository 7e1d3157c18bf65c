using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

[Collection(InstructionSetCollection.Name)]
public sealed class TranscendentalTests
{
    private delegate void Map(ReadOnlySpan<float> x, Span<float> destination);

    [Fact]
    public void ExpIsWithinTwoUnitsInTheLastPlace() => LargestError(-105, 89.5f, Transcendental.Exp, Math.Exp).ShouldBeLessThanOrEqualTo(2);

    [Fact]
    public void ExpOfNormalResultsIsWithinOneUnitInTheLastPlace() => LargestError(-87, 88.7f, Transcendental.Exp, Math.Exp).ShouldBeLessThan(1);

    [Fact]
    public void LogIsWithinOneUnitInTheLastPlaceOverAllMagnitudes() => LargestErrorOverMagnitudes(Transcendental.Log, Math.Log).ShouldBeLessThan(1);

    [Fact]
    public void LogNearOneIsWithinOneUnitInTheLastPlace() => LargestError(0.5f, 2f, Transcendental.Log, Math.Log).ShouldBeLessThan(1);

    [Fact]
    public void TanhIsWithinOneAndAHalfUnitsInTheLastPlace()
    {
        LargestError(-10, 10, Transcendental.Tanh, Math.Tanh).ShouldBeLessThan(1.5);
        LargestErrorOverMagnitudes(Transcendental.Tanh, Math.Tanh).ShouldBeLessThan(1.5);
    }

    [Fact]
    public void SigmoidIsWithinTwoAndAHalfUnitsInTheLastPlace()
    {
        LargestError(-87, 20, Transcendental.Sigmoid, x => 1 / (1 + Math.Exp(-x))).ShouldBeLessThan(2.5);
        LargestErrorOverMagnitudes(Transcendental.Sigmoid, x => 1 / (1 + Math.Exp(-x))).ShouldBeLessThan(2.5);
    }

    [Fact]
    public void ErfIsWithinOneAndAHalfUnitsInTheLastPlace()
    {
        LargestError(-4.5f, 4.5f, Transcendental.Erf, Erf).ShouldBeLessThan(1.5);
        LargestErrorOverMagnitudes(Transcendental.Erf, Erf).ShouldBeLessThan(1.5);
    }

    [Fact]
    public void TanhAndErfAreOdd()
    {
        for (uint bits = 0; bits <= 0x7F80_0000; bits += 9973)
        {
            var x = BitConverter.UInt32BitsToSingle(bits);
            Transcendental.Tanh(-x).ShouldBe(-Transcendental.Tanh(x));
            Transcendental.Erf(-x).ShouldBe(-Transcendental.Erf(x));
        }
    }

    [Theory]
    [InlineData(float.NaN, float.NaN, float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, 1f, 1f, 1f)]
    [InlineData(float.NegativeInfinity, -1f, 0f, -1f)]
    [InlineData(0f, 0f, 0.5f, 0f)]
    [InlineData(1e-45f, 1e-45f, 0.5f, 1e-45f)]
    [InlineData(100f, 1f, 1f, 1f)]
    [InlineData(-110f, -1f, 0f, -1f)]
    public void TanhSigmoidAndErfOfSpecialValues(float x, float tanh, float sigmoid, float erf)
    {
        AllForms(x, Transcendental.Tanh, Transcendental.Tanh).ShouldAllBe(value => HasBitsOf(value, tanh));
        AllForms(x, Transcendental.Sigmoid, Transcendental.Sigmoid).ShouldAllBe(value => HasBitsOf(value, sigmoid));
        AllForms(x, Transcendental.Erf, Transcendental.Erf).ShouldAllBe(value => HasBitsOf(value, erf));
    }

    [Theory]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(0f, 1f)]
    [InlineData(88.73f, float.PositiveInfinity)]
    [InlineData(-104f, 0f)]
    public void ExpOfSpecialValues(float x, float expected) => AllForms(x, Transcendental.Exp, Transcendental.Exp).ShouldAllBe(value => value.Equals(expected));

    [Theory]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, float.NaN)]
    [InlineData(-1f, float.NaN)]
    [InlineData(0f, float.NegativeInfinity)]
    [InlineData(1f, 0f)]
    public void LogOfSpecialValues(float x, float expected) => AllForms(x, Transcendental.Log, Transcendental.Log).ShouldAllBe(value => value.Equals(expected));

    [Fact]
    public void NegativeZeroKeepsItsSignInOddFunctionsAndIsZeroInOthers()
    {
        AllForms(-0f, Transcendental.Tanh, Transcendental.Tanh).ShouldAllBe(value => HasBitsOf(value, -0f));
        AllForms(-0f, Transcendental.Erf, Transcendental.Erf).ShouldAllBe(value => HasBitsOf(value, -0f));
        AllForms(-0f, Transcendental.Sigmoid, Transcendental.Sigmoid).ShouldAllBe(value => value == 0.5f);
        AllForms(-0f, Transcendental.Exp, Transcendental.Exp).ShouldAllBe(value => value == 1);
        AllForms(-0f, Transcendental.Log, Transcendental.Log).ShouldAllBe(value => float.IsNegativeInfinity(value));
    }

    [Fact]
    public void EveryFormGivesTheBitsOfTheScalarOneAtEveryLengthAndPosition() => InstructionSets.ForEach(_ =>
    {
        var random = new SeededRandom(7);
        for (var length = 0; length <= 67; length++)
        {
            // Random bits: every magnitude, both signs, infinities and NaN.
            var x = Enumerable.Range(0, length).Select(_ => BitConverter.UInt32BitsToSingle((uint)(random.NextBits() >> 32))).ToArray();
            var near = Enumerable.Range(0, length).Select(_ => (random.NextFloat() - 0.5f) * 220).ToArray();
            var close = near.Select(value => value / 20).ToArray();
            foreach (var arguments in new[] { x, near, close })
            {
                AssertSameBits(arguments, Transcendental.Log, Transcendental.Log);
                AssertSameBits(arguments, Transcendental.Exp, Transcendental.Exp);
                AssertSameBits(arguments, Transcendental.Tanh, Transcendental.Tanh);
                AssertSameBits(arguments, Transcendental.Sigmoid, Transcendental.Sigmoid);
                AssertSameBits(arguments, Transcendental.Erf, Transcendental.Erf);
            }
        }
    });

    [Fact]
    public void ResultsMayReplaceTheArguments()
    {
        float[] x = [.. Enumerable.Range(-20, 41).Select(i => i / 4f)];
        var expected = x.Select(Transcendental.Exp).ToArray();
        Transcendental.Exp(x, x);
        x.ShouldBe(expected);
    }

    [Fact]
    public void AResultOfAnotherLengthIsRefused() => Should.Throw<ArgumentException>(() => Transcendental.Exp(new float[3], new float[4]));

    [Fact]
    public void TheCosineOfHalfTurnsIsExactAtItsQuartersAndCloseElsewhere()
    {
        Transcendental.CosPi(0).ShouldBe(1);
        Transcendental.CosPi(0.5).ShouldBe(0);
        Transcendental.CosPi(1).ShouldBe(-1);
        for (var t = 0.0; t <= 1; t += 1 / 512.0)
            Transcendental.CosPi(t).ShouldBe(Math.Cos(Math.PI * t), 4e-16);
    }

    private static void AssertSameBits(float[] x, Map map, Func<float, float> scalar)
    {
        var actual = new float[x.Length];
        map(x, actual);
        for (var i = 0; i < x.Length; i++)
        {
            var expected = scalar(x[i]);
            if (float.IsNaN(expected)) actual[i].ShouldBe(float.NaN);
            else BitConverter.SingleToInt32Bits(actual[i]).ShouldBe(BitConverter.SingleToInt32Bits(expected), $"element {i} of {x.Length}: {x[i]:R}");
        }
    }

    private static float[] AllForms(float x, Map map, Func<float, float> scalar)
    {
        var results = new float[33];
        map(Enumerable.Repeat(x, results.Length).ToArray(), results);
        return [scalar(x), .. results];
    }

    private static double LargestError(float from, float to, Func<float, float> actual, Func<double, double> expected)
    {
        const int Steps = 2_000_000;
        double largest = 0;
        for (var i = 0; i <= Steps; i++)
        {
            var x = from + ((to - from) * i / Steps);
            largest = Math.Max(largest, ErrorInUlp(actual(x), expected(x)));
        }

        return largest;
    }

    /// <summary>Over positive numbers from the smallest subnormal to infinity.</summary>
    private static double LargestErrorOverMagnitudes(Func<float, float> actual, Func<double, double> expected)
    {
        double largest = 0;
        for (uint bits = 1; bits < 0x7F80_0000; bits += 997)
        {
            var x = BitConverter.UInt32BitsToSingle(bits);
            largest = Math.Max(largest, ErrorInUlp(actual(x), expected(x)));
        }

        return largest;
    }

    private static bool HasBitsOf(float value, float expected)
        => float.IsNaN(expected) ? float.IsNaN(value) : BitConverter.SingleToInt32Bits(value) == BitConverter.SingleToInt32Bits(expected);

    /// <summary>2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!, whose terms all have the same sign.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6) return Math.Sign(x);
        double sum = 0, term = x;
        for (var n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
        {
            sum += term;
            term *= 2 * x * x / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>The distance in units of the last place of the float nearest to the true value.</summary>
    private static double ErrorInUlp(float actual, double expected)
    {
        var rounded = (float)expected;
        if (actual.Equals(rounded)) return Math.Min(0.5, float.IsFinite(rounded) ? Distance() : 0);
        return float.IsFinite(actual) && float.IsFinite(rounded) ? Distance() : double.PositiveInfinity;

        double Distance() => Math.Abs(actual - expected) / Math.Abs((double)MathF.BitIncrement(Math.Abs(rounded)) - Math.Abs(rounded));
    }
}
