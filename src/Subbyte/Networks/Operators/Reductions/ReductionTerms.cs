using Subbyte.Kernels;

namespace Subbyte.Networks.Operators;

/// <summary>What an element adds to a sum in double.</summary>
internal interface ITerm
{
    /// <summary>The sum with the element's term.</summary>
    static abstract double Add(double sum, double element);
}

/// <summary>What becomes of a sum in double.</summary>
internal interface IEnd
{
    /// <summary>The result.</summary>
    static abstract double Of(double sum, long count);
}

/// <summary>What an element adds to a sum of integers, and what becomes of the sum.</summary>
internal interface IIntegerTerm
{
    /// <summary>The term.</summary>
    static abstract long Of(long element);

    /// <summary>The result.</summary>
    static abstract long End(long sum, long count);
}

/// <summary>The element itself.</summary>
internal readonly struct Plain : ITerm, IIntegerTerm
{
    public static double Add(double sum, double element) => sum + element;

    public static long Of(long element) => element;

    public static long End(long sum, long count) => sum;
}

/// <summary>The magnitude.</summary>
internal readonly struct Magnitude : ITerm, IIntegerTerm
{
    public static double Add(double sum, double element) => sum + Math.Abs(element);

    public static long Of(long element) => element < 0 ? unchecked(-element) : element;

    public static long End(long sum, long count) => sum;
}

/// <summary>The square.</summary>
internal readonly struct Square : ITerm, IIntegerTerm
{
    public static double Add(double sum, double element) => Math.FusedMultiplyAdd(element, element, sum);

    public static long Of(long element) => unchecked(element * element);

    public static long End(long sum, long count) => sum;
}

/// <summary>The element itself; the sum is divided by the number of elements, toward zero.</summary>
internal readonly struct IntegerMean : IIntegerTerm
{
    public static long Of(long element) => element;

    public static long End(long sum, long count) => count == 0 ? 0 : sum / count;
}

/// <summary>The sum itself.</summary>
internal readonly struct Total : IEnd
{
    public static double Of(double sum, long count) => sum;
}

/// <summary>The sum over the number of elements.</summary>
internal readonly struct Mean : IEnd
{
    public static double Of(double sum, long count) => sum / count;
}

/// <summary>The square root of the sum.</summary>
internal readonly struct Root : IEnd
{
    public static double Of(double sum, long count) => Math.Sqrt(sum);
}

/// <summary>The natural logarithm of the sum.</summary>
internal readonly struct NaturalLogarithm : IEnd
{
    public static double Of(double sum, long count) => Transcendental.Log(sum);
}
