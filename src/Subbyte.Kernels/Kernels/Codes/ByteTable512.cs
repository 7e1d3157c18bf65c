using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>A table of 256 bytes in four 512-bit registers for <c>vpermi2b</c>, which looks 128 entries up by the low seven bits.</summary>
/// <param name="table">256 entries.</param>
internal readonly unsafe struct ByteTable512(byte* table)
{
    private readonly Vector512<byte> _t0 = Vector512.Load(table), _t1 = Vector512.Load(table + 64), _t2 = Vector512.Load(table + 128), _t3 = Vector512.Load(table + 192);

    /// <summary>Whether the machine has the instruction and kernels may use it.</summary>
    public static bool IsUsable => Avx512Vbmi.IsSupported && Cpu.HasAvx512;

    /// <summary>Looks 64 codes up.</summary>
    /// <param name="codes">Codes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<byte> Lookup(Vector512<byte> codes)
        => Avx512BW.BlendVariable(Avx512Vbmi.PermuteVar64x8x2(_t0, codes, _t1), Avx512Vbmi.PermuteVar64x8x2(_t2, codes, _t3), codes & Vector512.Create((byte)0x80));
}
