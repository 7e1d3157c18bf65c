using System.Numerics;
using System.Runtime.InteropServices;

namespace Subbyte.Kernels;

/// <summary>
/// Exponential and logarithm that give the same bits on every machine: reduction of the range and a polynomial of fused multiply-adds in a
/// fixed order. Neither the position in a span nor the vector width matters.
/// </summary>
public static partial class Transcendental
{
    /// <summary>eˣ to within 1 unit in the last place (2 below the smallest normal number).</summary>
    /// <param name="x">Exponent: above 88.73 gives +∞, below −103.98 gives 0, NaN gives NaN.</param>
    /// <returns>eˣ.</returns>
    public static float Exp(float x) => Exponential.Of(x);

    /// <summary>eˣ of each element; see <see cref="Exp(float)"/>.</summary>
    /// <param name="x">Exponents.</param>
    /// <param name="destination">Takes the results; as long as <paramref name="x"/>, and either the same memory or none of it.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Exp(ReadOnlySpan<float> x, Span<float> destination) => Apply<Exponential>(x, destination);

    /// <summary>The natural logarithm to within 1 unit in the last place.</summary>
    /// <param name="x">Argument: 0 gives −∞, +∞ gives +∞, negative numbers and NaN give NaN.</param>
    /// <returns>ln x; exactly 0 for 1.</returns>
    public static float Log(float x) => Logarithm.Of(x);

    /// <summary>The natural logarithm of each element; see <see cref="Log(float)"/>.</summary>
    /// <param name="x">Arguments.</param>
    /// <param name="destination">Takes the results; as long as <paramref name="x"/>, and either the same memory or none of it.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Log(ReadOnlySpan<float> x, Span<float> destination) => Apply<Logarithm>(x, destination);

    private static void Apply<TFunction>(ReadOnlySpan<float> x, Span<float> destination)
        where TFunction : IUnaryFunction
    {
        if (x.Length != destination.Length)
            throw new ArgumentException($"{x.Length} arguments do not give {destination.Length} results", nameof(destination));
        var done = 0;
        if (Cpu.HasAvx2)
        {
            var vectors = MemoryMarshal.Cast<float, Vector<float>>(x);
            var results = MemoryMarshal.Cast<float, Vector<float>>(destination);
            for (var i = 0; i < vectors.Length; i++)
                results[i] = TFunction.Of(vectors[i]);
            done = vectors.Length * Vector<float>.Count;
        }

        for (var i = done; i < x.Length; i++)
            destination[i] = TFunction.Of(x[i]);
    }
}
