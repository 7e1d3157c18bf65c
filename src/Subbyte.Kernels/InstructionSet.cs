namespace Subbyte.Kernels;

/// <summary>The instruction sets that a kernel has a form for, in ascending order: each includes those before it.</summary>
public enum InstructionSet
{
    /// <summary>Plain scalar code; the reference of every kernel.</summary>
    Scalar,

    /// <summary>128-bit vectors by operations that all machines with vectors have (SSE, Arm's Advanced SIMD); nothing in it knows the machine.</summary>
    Vector128,

    /// <summary>AVX2 with FMA, 256-bit vectors.</summary>
    Avx2,

    /// <summary>AVX2 with the 256-bit integer dot product of AVX-VNNI, where the machine has it.</summary>
    AvxVnni,

    /// <summary>AVX-512 (F, BW, DQ, VL), 512-bit vectors, and AVX-VNNI where the machine has it.</summary>
    Avx512,
}
