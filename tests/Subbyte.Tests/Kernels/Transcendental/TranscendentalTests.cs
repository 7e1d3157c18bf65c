using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

public sealed class TranscendentalTests
{
    private delegate void Map(ReadOnlySpan<float> x, Span<float> destination);

    [Fact]
    public void ExpIsWithinTwoUnitsInTheLastPlace() => LargestError(-105, 89.5f, Transcendental.Exp, Math.Exp).ShouldBeLessThanOrEqualTo(2);

    [Fact]
    public void ExpOfNormalResultsIsWithinOneUnitInTheLastPlace() => LargestError(-87, 88.7f, Transcendental.Exp, Math.Exp).ShouldBeLessThan(1);

    [Fact]
    public void LogIsWithinOneUnitInTheLastPlaceOverAllMagnitudes()
    {
        double largest = 0;
        for (uint bits = 1; bits < 0x7F80_0000; bits += 997)
        {
            var x = BitConverter.UInt32BitsToSingle(bits);
            largest = Math.Max(largest, ErrorInUlp(Transcendental.Log(x), Math.Log(x)));
        }

        largest.ShouldBeLessThan(1);
    }

    [Fact]
    public void LogNearOneIsWithinOneUnitInTheLastPlace() => LargestError(0.5f, 2f, Transcendental.Log, Math.Log).ShouldBeLessThan(1);

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
    public void NegativeZeroIsZero()
    {
        AllForms(-0f, Transcendental.Exp, Transcendental.Exp).ShouldAllBe(value => value == 1);
        AllForms(-0f, Transcendental.Log, Transcendental.Log).ShouldAllBe(value => float.IsNegativeInfinity(value));
    }

    [Fact]
    public void VectorAndScalarFormsGiveTheSameBitsAtEveryLengthAndPosition()
    {
        var random = new SeededRandom(7);
        for (var length = 0; length <= 67; length++)
        {
            // Random bits: every magnitude, both signs, infinities and NaN.
            var x = Enumerable.Range(0, length).Select(_ => BitConverter.UInt32BitsToSingle((uint)(random.NextBits() >> 32))).ToArray();
            var exponents = Enumerable.Range(0, length).Select(_ => (random.NextFloat() - 0.5f) * 220).ToArray();
            AssertSameBits(x, Transcendental.Log, Transcendental.Log);
            AssertSameBits(x, Transcendental.Exp, Transcendental.Exp);
            AssertSameBits(exponents, Transcendental.Exp, Transcendental.Exp);
        }
    }

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

    /// <summary>The distance in units of the last place of the float nearest to the true value.</summary>
    private static double ErrorInUlp(float actual, double expected)
    {
        var rounded = (float)expected;
        if (actual.Equals(rounded)) return Math.Min(0.5, float.IsFinite(rounded) ? Distance() : 0);
        return float.IsFinite(actual) && float.IsFinite(rounded) ? Distance() : double.PositiveInfinity;

        double Distance() => Math.Abs(actual - expected) / Math.Abs((double)MathF.BitIncrement(Math.Abs(rounded)) - Math.Abs(rounded));
    }
}
