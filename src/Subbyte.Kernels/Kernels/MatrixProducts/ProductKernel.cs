namespace Subbyte.Kernels;

/// <summary>How a product is computed on this machine.</summary>
public enum ProductKernel
{
    /// <summary>Without vectors.</summary>
    Scalar,

    /// <summary>Float32 fused multiply-adds.</summary>
    Float,

    /// <summary>u8·s8 by the dot product of AVX-VNNI.</summary>
    Vnni,

    /// <summary>u8·s8 into sums of 16 bits, widened before they could overflow: weights of few bits.</summary>
    ShortSums,

    /// <summary>u8·ternary by tables of the sums of three activations.</summary>
    TableSums,

    /// <summary>u8·s8 by <c>vpmaddubsw</c> and <c>vpmaddwd</c>: weights of 7 bits.</summary>
    SafeChain,

    /// <summary>u8·s8 on operands widened to 16 bits: exact for all weights.</summary>
    Widened,

    /// <summary>s16·s16 into 32 bits.</summary>
    Int16,

    /// <summary>s16·s16 into 64 bits.</summary>
    Int16Wide,

    /// <summary>Counts of bits in which binary operands differ.</summary>
    BitCounts,

    /// <summary>Counts of two bit planes of ternary operands.</summary>
    TernaryCounts,

    /// <summary>Tables of the products of a few neighbouring bits.</summary>
    BitLookups,

    /// <summary>Tables of the products of half as many neighbouring ternary codes.</summary>
    TernaryLookups,

    /// <summary>A sliding window over each channel.</summary>
    Depthwise,
}
