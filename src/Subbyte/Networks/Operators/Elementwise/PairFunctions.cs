using System.Numerics;

namespace Subbyte.Networks.Operators;

/// <summary>A function of two elements.</summary>
/// <typeparam name="T">Type of the operands.</typeparam>
/// <typeparam name="TResult">Type of the result.</typeparam>
internal interface IPairFunction<T, TResult>
{
    /// <summary>The function.</summary>
    static abstract TResult Of(T x, T y);
}

/// <summary>The plain loops over a function of two elements.</summary>
internal readonly struct Each<T, TResult, TFunction> : IBinaryFunction<T, TResult>
    where T : unmanaged
    where TResult : unmanaged
    where TFunction : IPairFunction<T, TResult>
{
    public static void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<TResult> d)
    {
        for (var i = 0; i < d.Length; i++) d[i] = TFunction.Of(x[i], y[i]);
    }

    public static void Apply(ReadOnlySpan<T> x, T y, Span<TResult> d)
    {
        for (var i = 0; i < d.Length; i++) d[i] = TFunction.Of(x[i], y);
    }

    public static void Apply(T x, ReadOnlySpan<T> y, Span<TResult> d)
    {
        for (var i = 0; i < d.Length; i++) d[i] = TFunction.Of(x, y[i]);
    }
}

/// <summary>x / y of integers, toward zero; 0 where y is 0, and −x (which wraps) where it is −1.</summary>
internal readonly struct QuotientFunction<T> : IPairFunction<T, T>
    where T : INumber<T>
{
    public static T Of(T x, T y)
    {
        if (y == T.Zero) return T.Zero;
        return T.IsNegative(y) && T.IsZero(unchecked(y + T.One)) ? unchecked(T.Zero - x) : x / y;
    }
}

/// <summary>What x / y, rounded toward zero, leaves: it has the sign of x. 0 where y is an integer 0.</summary>
internal readonly struct RemainderFunction<T> : IPairFunction<T, T>
    where T : INumber<T>
{
    public static T Of(T x, T y)
    {
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double)) return x % y;
        // Remainders by −1 are 0, but the processor's division traps for the lowest number.
        return y == T.Zero || (T.IsNegative(y) && T.IsZero(unchecked(y + T.One))) ? T.Zero : x % y;
    }
}

/// <summary>What x / y, rounded down, leaves: it has the sign of y, as in Python.</summary>
internal readonly struct ModuloFunction<T> : IPairFunction<T, T>
    where T : INumber<T>
{
    public static T Of(T x, T y)
    {
        var remainder = RemainderFunction<T>.Of(x, y);
        return !T.IsZero(remainder) && T.IsNegative(remainder) != T.IsNegative(y) ? unchecked(remainder + y) : remainder;
    }
}

/// <summary>x where it is not negative, y·x below.</summary>
internal readonly struct IntegerSlopeFunction<T> : IPairFunction<T, T>
    where T : INumber<T>
{
    public static T Of(T x, T y) => T.IsNegative(x) ? unchecked(x * y) : x;
}

/// <summary>xʸ.</summary>
internal readonly struct PowerFunction : IPairFunction<double, double>
{
    public static double Of(double x, double y) => Kernels.Transcendental.Pow(x, y);
}

/// <summary>x = y.</summary>
internal readonly struct EqualFunction<T> : IPairFunction<T, byte>
    where T : INumber<T>
{
    public static byte Of(T x, T y) => x == y ? (byte)1 : (byte)0;
}

/// <summary>x &lt; y.</summary>
internal readonly struct LessFunction<T> : IPairFunction<T, byte>
    where T : INumber<T>
{
    public static byte Of(T x, T y) => x < y ? (byte)1 : (byte)0;
}

/// <summary>x ≤ y.</summary>
internal readonly struct LessOrEqualFunction<T> : IPairFunction<T, byte>
    where T : INumber<T>
{
    public static byte Of(T x, T y) => x <= y ? (byte)1 : (byte)0;
}

/// <summary>x &gt; y.</summary>
internal readonly struct GreaterFunction<T> : IPairFunction<T, byte>
    where T : INumber<T>
{
    public static byte Of(T x, T y) => x > y ? (byte)1 : (byte)0;
}

/// <summary>x ≥ y.</summary>
internal readonly struct GreaterOrEqualFunction<T> : IPairFunction<T, byte>
    where T : INumber<T>
{
    public static byte Of(T x, T y) => x >= y ? (byte)1 : (byte)0;
}

/// <summary>Both are true.</summary>
internal readonly struct AndFunction : IPairFunction<byte, byte>
{
    public static byte Of(byte x, byte y) => x != 0 && y != 0 ? (byte)1 : (byte)0;
}

/// <summary>Either is true.</summary>
internal readonly struct OrFunction : IPairFunction<byte, byte>
{
    public static byte Of(byte x, byte y) => x != 0 || y != 0 ? (byte)1 : (byte)0;
}

/// <summary>One of them is true.</summary>
internal readonly struct ExclusiveOrFunction : IPairFunction<byte, byte>
{
    public static byte Of(byte x, byte y) => (x != 0) != (y != 0) ? (byte)1 : (byte)0;
}

/// <summary>Bits that both have.</summary>
internal readonly struct BitwiseAndFunction<T> : IPairFunction<T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T x, T y) => x & y;
}

/// <summary>Bits that either has.</summary>
internal readonly struct BitwiseOrFunction<T> : IPairFunction<T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T x, T y) => x | y;
}

/// <summary>Bits that one of them has.</summary>
internal readonly struct BitwiseExclusiveOrFunction<T> : IPairFunction<T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T x, T y) => x ^ y;
}

/// <summary>x · 2ʸ, what lies beyond the last bit is lost.</summary>
internal readonly struct LeftShiftFunction<T> : IPairFunction<T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T x, T y) => ulong.CreateTruncating(y) < (ulong)(8 * x.GetByteCount()) ? x << int.CreateTruncating(y) : T.Zero;
}

/// <summary>x / 2ʸ, rounded down.</summary>
internal readonly struct RightShiftFunction<T> : IPairFunction<T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T x, T y) => ulong.CreateTruncating(y) < (ulong)(8 * x.GetByteCount()) ? x >> int.CreateTruncating(y) : T.Zero;
}
