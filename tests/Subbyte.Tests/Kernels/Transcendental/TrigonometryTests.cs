using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

/// <summary>Functions that are computed in double: the float that is nearest to the truth, or its neighbour where the truth lies half way.</summary>
public sealed class TrigonometryTests
{
    private static readonly (string Name, Func<float, float> Function, Func<double, double> Definition, float From, float To)[] Functions =
    [
        ("sin", Trigonometry.Sin, Math.Sin, -1e5f, 1e5f), ("cos", Trigonometry.Cos, Math.Cos, -1e5f, 1e5f), ("tan", Trigonometry.Tan, Math.Tan, -1e5f, 1e5f),
        ("small sin", Trigonometry.Sin, Math.Sin, -7, 7), ("small cos", Trigonometry.Cos, Math.Cos, -7, 7), ("small tan", Trigonometry.Tan, Math.Tan, -7, 7),
        ("asin", Trigonometry.Asin, Math.Asin, -1, 1), ("acos", Trigonometry.Acos, Math.Acos, -1, 1), ("atan", Trigonometry.Atan, Math.Atan, -50, 50),
        ("sinh", Trigonometry.Sinh, Math.Sinh, -80, 80), ("small sinh", Trigonometry.Sinh, Math.Sinh, -0.1f, 0.1f), ("cosh", Trigonometry.Cosh, Math.Cosh, -80, 80),
        ("asinh", Trigonometry.Asinh, Math.Asinh, -1000, 1000), ("small asinh", Trigonometry.Asinh, Math.Asinh, -0.1f, 0.1f),
        ("acosh", Trigonometry.Acosh, Math.Acosh, 1, 1000), ("near acosh", Trigonometry.Acosh, Math.Acosh, 1, 1.01f),
        ("atanh", Trigonometry.Atanh, Math.Atanh, -1, 1), ("small atanh", Trigonometry.Atanh, Math.Atanh, -0.05f, 0.05f),
    ];

    public static TheoryData<string> Names => [.. Functions.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_is_rounded_once(string name)
    {
        var (_, function, definition, from, to) = Functions.Single(function => function.Name == name);
        const int Steps = 100_000;
        for (var i = 0; i <= Steps; i++)
        {
            var x = Math.Clamp(from + ((to - from) * ((float)i / Steps)), from, to);
            var (actual, expected) = (function(x), definition(x));
            if (float.IsInfinity(actual) || actual == 0) actual.ShouldBe((float)expected);
            else (Math.Abs(actual - expected) / (MathF.BitIncrement(Math.Abs(actual)) - (double)Math.Abs(actual))).ShouldBeLessThan(0.51, $"{name}({x:G9})");
        }
    }

    [Fact]
    public void What_lies_outside_a_domain_is_nan_and_zeros_keep_their_sign()
    {
        Trigonometry.Asin(1.5f).ShouldBe(float.NaN);
        Trigonometry.Acosh(0.5f).ShouldBe(float.NaN);
        Trigonometry.Atanh(-2).ShouldBe(float.NaN);
        Trigonometry.Sin(float.PositiveInfinity).ShouldBe(float.NaN);
        Trigonometry.Cos(float.NaN).ShouldBe(float.NaN);
        foreach (var function in new Func<float, float>[] { Trigonometry.Sin, Trigonometry.Tan, Trigonometry.Asin, Trigonometry.Atan, Trigonometry.Sinh, Trigonometry.Asinh, Trigonometry.Atanh })
            float.IsNegative(function(-0f)).ShouldBeTrue();
    }

    [Fact]
    public void Exponentials_and_logarithms_in_double_are_close_over_the_whole_range()
    {
        for (var x = -745.0; x < 709.7; x += 0.37)
            Transcendental.Exp(x).ShouldBe(Math.Exp(x), Math.Max(8e-16 * Math.Exp(x), 1e-322));
        for (var exponent = -1070; exponent < 1024; exponent += 3)
        {
            var x = Math.ScaleB(1.37, exponent);
            Transcendental.Log(x).ShouldBe(Math.Log(x), Math.Max(6e-16 * Math.Abs(Math.Log(x)), 1e-30));
        }

        for (var x = 0.9; x < 1.1; x += 0.001) Transcendental.Log(x).ShouldBe(Math.Log(x), Math.Max(6e-16 * Math.Abs(Math.Log(x)), 1e-30));
        Transcendental.Log(1.0).ShouldBe(0);
        Transcendental.Exp(double.NegativeInfinity).ShouldBe(0);
        Transcendental.Exp(1000.0).ShouldBe(double.PositiveInfinity);
        Transcendental.Log(-1.0).ShouldBe(double.NaN);
    }

    [Fact]
    public void Powers_are_those_of_the_standard()
    {
        double[] specials = [0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1e300, -1e300, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        foreach (var x in specials)
        {
            foreach (var y in specials)
            {
                var (actual, expected) = (Transcendental.Pow(x, y), Math.Pow(x, y));
                if (double.IsFinite(expected) && expected != 0) actual.ShouldBe(expected, 1e-12 * Math.Abs(expected), $"{x}^{y}");
                else actual.ShouldBe(expected, $"{x}^{y}");
            }
        }

        for (var x = 0; x < 10; x++)
        {
            for (var y = 0; y < 10; y++) Transcendental.Pow(x, y).ShouldBe(Enumerable.Repeat((double)x, y).Aggregate(1.0, (a, b) => a * b));
        }

        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var (x, y) = (random.NextDouble() * 20, (random.NextDouble() - 0.5) * 100);
            Transcendental.Pow(x, y).ShouldBe(Math.Pow(x, y), 1e-13 * Math.Pow(x, y));
        }
    }
}
