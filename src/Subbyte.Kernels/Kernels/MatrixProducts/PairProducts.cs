using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>Sums of the products of two neighbouring lanes in 128-bit vectors: one instruction where the machine has it, a few portable ones elsewhere, the same bits.</summary>
internal static class PairProducts
{
    /// <summary>Two 16-bit products into a 32-bit lane; only twice −32768 · −32768 wraps.</summary>
    /// <param name="a">Signed lanes.</param>
    /// <param name="w">Signed lanes.</param>
    /// <returns>a₀·w₀ + a₁·w₁ of each pair.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Sum(Vector128<short> a, Vector128<short> w) => Sse2.IsSupported ? Sse2.MultiplyAddAdjacent(a, w) : PortableSum(a, w);

    /// <summary>Two u8·s8 products into a 16-bit lane, which the caller knows to hold their sum.</summary>
    /// <param name="a">Unsigned lanes.</param>
    /// <param name="w">Signed lanes.</param>
    /// <returns>a₀·w₀ + a₁·w₁ of each pair.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Sum(Vector128<byte> a, Vector128<sbyte> w) => Ssse3.IsSupported ? Ssse3.MultiplyAddAdjacent(a, w) : PortableSum(a, w);

    /// <summary>The portable form of <see cref="Sum(Vector128{short}, Vector128{short})"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> PortableSum(Vector128<short> a, Vector128<short> w)
    {
        Vector128<int> x = a.AsInt32(), y = w.AsInt32();
        return (((x << 16) >> 16) * ((y << 16) >> 16)) + ((x >> 16) * (y >> 16));
    }

    /// <summary>The portable form of <see cref="Sum(Vector128{byte}, Vector128{sbyte})"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> PortableSum(Vector128<byte> a, Vector128<sbyte> w)
    {
        Vector128<short> x = a.AsInt16(), y = w.AsInt16();
        return ((x & Vector128.Create((short)0xFF)) * ((y << 8) >> 8)) + ((x >>> 8) * (y >> 8));
    }
}
