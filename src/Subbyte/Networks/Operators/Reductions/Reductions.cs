using System.Numerics;
using Subbyte.Kernels;

namespace Subbyte.Networks.Operators;

/// <summary>Numbers between an element type and double.</summary>
internal static class Wide
{
    /// <summary>A number as a double; 64-bit integers are rounded.</summary>
    public static double Of<T>(T value) where T : INumber<T> => double.CreateTruncating(value);

    /// <summary>A double as an element: rounded to floats, toward zero to integers, which saturate.</summary>
    public static T To<T>(double value) where T : INumber<T> => T.CreateSaturating(value);
}

/// <summary>The sum of floats, in double; the mean where <typeparamref name="TEnd"/> divides.</summary>
internal readonly struct SumReduction<T, TTerm, TEnd> : IReduction<T, double>
    where T : unmanaged, INumber<T>
    where TTerm : ITerm
    where TEnd : IEnd
{
    public static double Seed => 0;

    public static double Add(double state, T element) => TTerm.Add(state, Wide.Of(element));

    public static double Combine(double a, double b) => a + b;

    public static T Result(double state, long count) => Wide.To<T>(TEnd.Of(state, count));
}

/// <summary>The sum of integers in 64 bits, which wrap.</summary>
internal readonly struct IntegerSumReduction<T, TTerm> : IReduction<T, long>
    where T : unmanaged, INumber<T>
    where TTerm : IIntegerTerm
{
    public static long Seed => 0;

    public static long Add(long state, T element) => unchecked(state + TTerm.Of(long.CreateTruncating(element)));

    public static long Combine(long a, long b) => unchecked(a + b);

    public static T Result(long state, long count) => T.CreateTruncating(TTerm.End(state, count));
}

/// <summary>The product: of floats in double, of integers in 64 bits, which wrap.</summary>
internal readonly struct ProductReduction<T> : IReduction<T, double>
    where T : unmanaged, INumber<T>
{
    public static double Seed => 1;

    public static double Add(double state, T element) => state * Wide.Of(element);

    public static double Combine(double a, double b) => a * b;

    public static T Result(double state, long count) => Wide.To<T>(state);
}

/// <summary>The product of integers in 64 bits, which wrap.</summary>
internal readonly struct IntegerProductReduction<T> : IReduction<T, long>
    where T : unmanaged, INumber<T>
{
    public static long Seed => 1;

    public static long Add(long state, T element) => unchecked(state * long.CreateTruncating(element));

    public static long Combine(long a, long b) => unchecked(a * b);

    public static T Result(long state, long count) => T.CreateTruncating(state);
}

/// <summary>The largest element, NaN where one is; of none, the lowest value of the type.</summary>
internal readonly struct MaxReduction<T> : IReduction<T, T>
    where T : unmanaged, INumber<T>
{
    public static T Seed => T.CreateSaturating(double.NegativeInfinity);

    public static T Add(T state, T element) => T.Max(state, element);

    public static T Combine(T a, T b) => T.Max(a, b);

    public static T Result(T state, long count) => state;
}

/// <summary>The smallest element, NaN where one is; of none, the highest value of the type.</summary>
internal readonly struct MinReduction<T> : IReduction<T, T>
    where T : unmanaged, INumber<T>
{
    public static T Seed => T.CreateSaturating(double.PositiveInfinity);

    public static T Add(T state, T element) => T.Min(state, element);

    public static T Combine(T a, T b) => T.Min(a, b);

    public static T Result(T state, long count) => state;
}

/// <summary>Whether any Boolean element is true.</summary>
internal readonly struct AnyReduction : IReduction<byte, byte>
{
    public static byte Seed => 0;

    public static byte Add(byte state, byte element) => element != 0 ? (byte)1 : state;

    public static byte Combine(byte a, byte b) => (byte)(a | b);

    public static byte Result(byte state, long count) => state;
}

/// <summary>Whether all Boolean elements are true.</summary>
internal readonly struct AllReduction : IReduction<byte, byte>
{
    public static byte Seed => 1;

    public static byte Add(byte state, byte element) => element == 0 ? (byte)0 : state;

    public static byte Combine(byte a, byte b) => (byte)(a & b);

    public static byte Result(byte state, long count) => state;
}

/// <summary>A largest element and the sum of all e^(element − largest).</summary>
/// <param name="Largest">The largest element, −∞ for none.</param>
/// <param name="Sum">The sum.</param>
internal readonly record struct ExponentialSum(double Largest, double Sum);

/// <summary>ln Σ eˣ, without overflow.</summary>
internal readonly struct LogSumExpReduction<T> : IReduction<T, ExponentialSum>
    where T : unmanaged, INumber<T>
{
    public static ExponentialSum Seed => new(double.NegativeInfinity, 0);

    public static ExponentialSum Add(ExponentialSum state, T element) => Combine(state, new ExponentialSum(Wide.Of(element), 1));

    public static ExponentialSum Combine(ExponentialSum a, ExponentialSum b)
    {
        if (b.Largest > a.Largest || double.IsNaN(b.Largest)) (a, b) = (b, a);
        // Equal ones first: the difference of two infinities is none.
        if (a.Largest == b.Largest) return new ExponentialSum(a.Largest, a.Sum + b.Sum);
        return b.Sum == 0 ? a : new ExponentialSum(a.Largest, a.Sum + (b.Sum * Transcendental.Exp(b.Largest - a.Largest)));
    }

    public static T Result(ExponentialSum state, long count)
        => Wide.To<T>(state.Sum == 0 || double.IsNegativeInfinity(state.Largest) ? double.NegativeInfinity : state.Largest + Transcendental.Log(state.Sum));
}
