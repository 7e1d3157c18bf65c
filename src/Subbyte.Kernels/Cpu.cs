using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>
/// The one place that says which instruction set kernels may use: what the machine has, limited by what the caller forced.
/// Kernels ask <see cref="HasVector128"/>, <see cref="HasAvx2"/>, <see cref="HasAvxVnni"/> and <see cref="HasAvx512"/>; results never depend on the answer.
/// </summary>
public static class Cpu
{
    private static InstructionSet _limit = InstructionSet.Avx512;

    /// <summary>The widest instruction set that this machine has.</summary>
    public static InstructionSet Best { get; } = Detect();

    /// <summary>The widest instruction set that kernels use now: <see cref="Best"/>, or less when limited.</summary>
    public static InstructionSet Current => _limit < Best ? _limit : Best;

    /// <summary>Whether portable 128-bit forms may be used.</summary>
    public static bool HasVector128 => Vector128.IsHardwareAccelerated && _limit >= InstructionSet.Vector128;

    /// <summary>Whether 256-bit AVX2 and FMA forms may be used.</summary>
    public static bool HasAvx2 => Avx2.IsSupported && Fma.IsSupported && _limit >= InstructionSet.Avx2;

    /// <summary>Whether the 256-bit u8·s8 dot product of AVX-VNNI may be used.</summary>
    public static bool HasAvxVnni => AvxVnni.IsSupported && _limit >= InstructionSet.AvxVnni && HasAvx2;

    /// <summary>Whether 512-bit forms may be used.</summary>
    public static bool HasAvx512 => Avx512BW.IsSupported && Avx512DQ.IsSupported && Vector512.IsHardwareAccelerated && _limit >= InstructionSet.Avx512 && HasAvx2;

    /// <summary>Whether bytes may be looked up in tables of 64.</summary>
    public static bool HasAvx512Vbmi => Avx512Vbmi.IsSupported && HasAvx512;

    /// <summary>
    /// Limits kernels to <paramref name="instructionSet"/> and those before it. Call it before weights are packed: packed layouts
    /// belong to the instruction set that was in force when they were made.
    /// </summary>
    /// <param name="instructionSet">The widest instruction set to use.</param>
    public static void Limit(InstructionSet instructionSet) => _limit = instructionSet;

    private static InstructionSet Detect()
    {
        if (!Avx2.IsSupported || !Fma.IsSupported) return Vector128.IsHardwareAccelerated ? InstructionSet.Vector128 : InstructionSet.Scalar;
        if (Avx512BW.IsSupported && Avx512DQ.IsSupported && Vector512.IsHardwareAccelerated) return InstructionSet.Avx512;
        return AvxVnni.IsSupported ? InstructionSet.AvxVnni : InstructionSet.Avx2;
    }
}
