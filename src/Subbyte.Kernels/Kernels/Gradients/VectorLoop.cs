using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Subbyte.Kernels;

/// <summary>Loads and stores of loops whose vector part does to each element exactly what their scalar part does.</summary>
internal static class VectorLoop
{
    /// <summary>How many of <paramref name="length"/> elements whole vectors take; none where only scalar code may run.</summary>
    /// <param name="length">Number of elements.</param>
    public static int Head(int length) => Cpu.HasAvx2 ? length - (length % Vector<float>.Count) : 0;

    /// <summary>Reads a vector.</summary>
    /// <param name="source">Elements.</param>
    /// <param name="index">The first one; the whole vector must lie inside.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(ReadOnlySpan<float> source, int index) => Vector.LoadUnsafe(ref MemoryMarshal.GetReference(source), (nuint)index);

    /// <summary>Writes a vector.</summary>
    /// <param name="values">The values.</param>
    /// <param name="destination">Elements.</param>
    /// <param name="index">The first one; the whole vector must lie inside.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<float> values, Span<float> destination, int index) => values.StoreUnsafe(ref MemoryMarshal.GetReference(destination), (nuint)index);

    /// <summary>Adds elements to others.</summary>
    /// <param name="source">Summands.</param>
    /// <param name="destination">Sums, at least as long.</param>
    public static void Add(ReadOnlySpan<float> source, Span<float> destination)
    {
        var sums = destination[..source.Length];
        var head = Head(source.Length);
        for (var i = 0; i < head; i += Vector<float>.Count)
            Store(Load(sums, i) + Load(source, i), sums, i);
        for (var i = head; i < source.Length; i++)
            sums[i] += source[i];
    }

    /// <summary>Adds products to sums, fused: <c>sums = fma(x, y, sums)</c>.</summary>
    /// <param name="x">First factors.</param>
    /// <param name="y">Second factors, at least as many.</param>
    /// <param name="destination">Sums, at least as many.</param>
    public static void MultiplyAdd(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
    {
        var factors = y[..x.Length];
        var sums = destination[..x.Length];
        var head = Head(x.Length);
        for (var i = 0; i < head; i += Vector<float>.Count)
            Store(Vector.FusedMultiplyAdd(Load(x, i), Load(factors, i), Load(sums, i)), sums, i);
        for (var i = head; i < x.Length; i++)
            sums[i] = MathF.FusedMultiplyAdd(x[i], factors[i], sums[i]);
    }
}
