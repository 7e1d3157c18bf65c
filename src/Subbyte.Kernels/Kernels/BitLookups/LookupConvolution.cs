namespace Subbyte.Kernels;

/// <summary>
/// Convolutions of bit planes by tables: a few neighbouring bits of a pixel choose a table, in which the same bits of 64 (or 32) outputs' weights look their
/// product up. One shuffle and one addition do the work of six (or four) bit positions of a lane, where carry-save adders take three operations for each; sums are
/// those of <see cref="BitGemm"/>. Immutable; safe to share between threads.
/// </summary>
public abstract class LookupConvolution
{
    private protected LookupConvolution()
    {
    }

    /// <summary>Codes of a map.</summary>
    public abstract int Length { get; }

    /// <summary>Plans a convolution.</summary>
    /// <param name="geometry">Sizes, in channels.</param>
    /// <param name="weights">Weights.</param>
    /// <param name="product">What the sums are.</param>
    /// <returns>The convolution, or null where tables do not suit it or this machine: they do for kernels three pixels wide, stride 1 and outputs that fill vectors.</returns>
    public static LookupConvolution? For(ConvolutionGeometry geometry, PackedBitMatrix weights, BitProduct product)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Channels != geometry.InChannels || weights.Positions != geometry.KernelHeight * geometry.KernelWidth || weights.Outputs != geometry.OutChannels)
            throw new ArgumentException($"weights of {weights.Outputs} × {weights.Positions} × {weights.Channels} are not those of the convolution", nameof(weights));
        BitGemm.CheckPlanes(weights, product);
        if (geometry is not { Groups: 1, KernelWidth: 3, StrideWidth: 1, StrideHeight: 1, DilationWidth: 1, DilationHeight: 1 } || geometry.Positions == 0) return null;
        if (Cpu.HasAvx512Vbmi && weights.Outputs % Lookup512.Outputs == 0) return new LookupConvolution<Lookup512>(geometry, weights, product);
        // Carry-save adders of 512 bits are faster than tables of 256.
        if (Cpu.HasAvx512 && weights.Outputs % PackedBitMatrix.OutputsOfBlock == 0) return null;
        return Cpu.HasAvx2 && weights.Outputs % Lookup256.Outputs == 0 ? new LookupConvolution<Lookup256>(geometry, weights, product) : null;
    }

    /// <summary>Makes the codes of a map, with its padding, which is of bits 0.</summary>
    /// <param name="words">The map as <see cref="BitPacking"/> packs it.</param>
    /// <param name="codes">Takes <see cref="Length"/> codes.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public abstract void Encode(ReadOnlySpan<uint> words, Span<ushort> codes);

    /// <summary>Sums of some lines of the output.</summary>
    /// <param name="codes">What <see cref="Encode"/> made.</param>
    /// <param name="firstLine">First line.</param>
    /// <param name="lines">Lines.</param>
    /// <param name="c">Result, overwritten; the row of a position begins at <c>position · ldc</c>.</param>
    /// <param name="ldc">Elements from one row of <paramref name="c"/> to the next.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public abstract void Multiply(ReadOnlySpan<ushort> codes, int firstLine, int lines, Span<int> c, int ldc);
}
