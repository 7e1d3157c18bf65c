using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Subbyte.Networks.Operators;

// Elementwise loops of System.Numerics.Tensors are used for exactly rounded operations only.

/// <summary>x + y; integers wrap.</summary>
internal readonly struct AddFunction<T> : IBinaryFunction<T, T>
    where T : unmanaged, INumber<T>
{
    public static void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> d) => TensorPrimitives.Add(x, y, d);

    public static void Apply(ReadOnlySpan<T> x, T y, Span<T> d) => TensorPrimitives.Add(x, y, d);

    public static void Apply(T x, ReadOnlySpan<T> y, Span<T> d) => TensorPrimitives.Add(y, x, d);
}

/// <summary>x − y; integers wrap.</summary>
internal readonly struct SubtractFunction<T> : IBinaryFunction<T, T>
    where T : unmanaged, INumber<T>
{
    public static void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> d) => TensorPrimitives.Subtract(x, y, d);

    public static void Apply(ReadOnlySpan<T> x, T y, Span<T> d) => TensorPrimitives.Subtract(x, y, d);

    public static void Apply(T x, ReadOnlySpan<T> y, Span<T> d) => TensorPrimitives.Subtract(x, y, d);
}

/// <summary>x · y; integers wrap.</summary>
internal readonly struct MultiplyFunction<T> : IBinaryFunction<T, T>
    where T : unmanaged, INumber<T>
{
    public static void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> d) => TensorPrimitives.Multiply(x, y, d);

    public static void Apply(ReadOnlySpan<T> x, T y, Span<T> d) => TensorPrimitives.Multiply(x, y, d);

    public static void Apply(T x, ReadOnlySpan<T> y, Span<T> d) => TensorPrimitives.Multiply(y, x, d);
}

/// <summary>x / y of floating-point numbers.</summary>
internal readonly struct DivideFunction<T> : IBinaryFunction<T, T>
    where T : unmanaged, INumber<T>
{
    public static void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> d) => TensorPrimitives.Divide(x, y, d);

    public static void Apply(ReadOnlySpan<T> x, T y, Span<T> d) => TensorPrimitives.Divide(x, y, d);

    public static void Apply(T x, ReadOnlySpan<T> y, Span<T> d) => TensorPrimitives.Divide(x, y, d);
}

/// <summary>The larger of both; NaN where either is.</summary>
internal readonly struct MaxFunction<T> : IBinaryFunction<T, T>
    where T : unmanaged, INumber<T>
{
    public static void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> d) => TensorPrimitives.Max(x, y, d);

    public static void Apply(ReadOnlySpan<T> x, T y, Span<T> d) => TensorPrimitives.Max(x, y, d);

    public static void Apply(T x, ReadOnlySpan<T> y, Span<T> d) => TensorPrimitives.Max(y, x, d);
}

/// <summary>The smaller of both; NaN where either is.</summary>
internal readonly struct MinFunction<T> : IBinaryFunction<T, T>
    where T : unmanaged, INumber<T>
{
    public static void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> d) => TensorPrimitives.Min(x, y, d);

    public static void Apply(ReadOnlySpan<T> x, T y, Span<T> d) => TensorPrimitives.Min(x, y, d);

    public static void Apply(T x, ReadOnlySpan<T> y, Span<T> d) => TensorPrimitives.Min(y, x, d);
}

/// <summary>x where it is not negative, y·x below, of floats.</summary>
internal readonly struct SlopeFunction : IBinaryFunction<float, float>
{
    private const int Chunk = 256;

    public static void Apply(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> d)
    {
        Span<float> negative = stackalloc float[Chunk];
        for (var start = 0; start < d.Length; start += Chunk)
        {
            var count = Math.Min(Chunk, d.Length - start);
            var part = x.Slice(start, count);
            var products = negative[..count];
            TensorPrimitives.Min(part, 0f, products);
            TensorPrimitives.Multiply(products, y.Slice(start, count), products);
            TensorPrimitives.Max(part, 0f, d.Slice(start, count));
            TensorPrimitives.Add(d.Slice(start, count), products, d.Slice(start, count));
        }
    }

    public static void Apply(ReadOnlySpan<float> x, float y, Span<float> d) => Kernels.Activations.LeakyRelu(x, y, d);

    public static void Apply(float x, ReadOnlySpan<float> y, Span<float> d)
    {
        if (x < 0) TensorPrimitives.Multiply(y, x, d);
        else d.Fill(x);
    }
}
