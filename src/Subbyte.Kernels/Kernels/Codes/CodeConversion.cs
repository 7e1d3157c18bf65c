using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>Changes of the width of codes.</summary>
public static class CodeConversion
{
    /// <summary>Widens unsigned bytes to 16 bits.</summary>
    /// <param name="codes">Codes.</param>
    /// <param name="d">Result, as many as codes; it must not overlap them.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ReadOnlySpan<byte> codes, Span<short> d)
    {
        if (codes.Length != d.Length)
            throw new ArgumentException($"{codes.Length} codes cannot become {d.Length} results", nameof(d));
        var i = 0;
        ref var from = ref MemoryMarshal.GetReference(codes);
        ref var to = ref MemoryMarshal.GetReference(d);
        if (Cpu.HasAvx2)
        {
            for (; i <= codes.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
                Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }
        else if (Cpu.HasVector128)
        {
            for (; i <= codes.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)i));
                low.AsInt16().StoreUnsafe(ref to, (nuint)i);
                high.AsInt16().StoreUnsafe(ref to, (nuint)(i + Vector128<short>.Count));
            }
        }
        for (; i < codes.Length; i++)
            d[i] = codes[i];
    }
}
