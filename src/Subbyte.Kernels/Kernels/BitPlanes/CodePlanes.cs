using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>Packs maps of byte codes into bit planes: the bits come from the highest bits of bytes that a table makes of the codes.</summary>
public static class CodePlanes
{
    /// <summary>Bit of a byte that goes into the first plane: the digit is not 0, or is +1 where there is one plane.</summary>
    public const byte First = 0x80;

    /// <summary>Bit of a byte that goes into the second plane: the digit is −1.</summary>
    public const byte Second = 0x40;

    /// <summary>Collects the bits of a map.</summary>
    /// <param name="flags">Bytes [pixel][channel] of <see cref="First"/> and <see cref="Second"/>.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="planes">1 or 2.</param>
    /// <param name="words">Takes the words of each pixel: those of both planes of 32 channels side by side.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Collect(ReadOnlySpan<byte> flags, int channels, int planes, Span<uint> words)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (flags.Length % channels != 0 || words.Length < (long)flags.Length / channels * BitPacking.Words(channels) * planes)
            throw new ArgumentException($"{flags.Length} codes of {channels} channels do not fit {words.Length} words", nameof(flags));
        var next = 0;
        for (var pixel = 0; pixel < flags.Length; pixel += channels)
        {
            for (var c = 0; c < channels; c += BitPacking.WordBits)
            {
                var count = Math.Min(BitPacking.WordBits, channels - c);
                var rest = flags[(pixel + c)..];
                var (first, second) = rest.Length >= BitPacking.WordBits && Cpu.HasAvx2 ? Whole(Vector256.Create(rest), uint.MaxValue >> (BitPacking.WordBits - count)) : Part(rest[..count]);
                words[next++] = first;
                if (planes == 2) words[next++] = second;
            }
        }
    }

    /// <summary>What is read behind the channels of a pixel belongs to the next, and is masked.</summary>
    private static (uint First, uint Second) Whole(Vector256<byte> flags, uint mask) => (flags.ExtractMostSignificantBits() & mask, (flags + flags).ExtractMostSignificantBits() & mask);

    private static (uint First, uint Second) Part(ReadOnlySpan<byte> flags)
    {
        uint first = 0, second = 0;
        for (var i = 0; i < flags.Length; i++)
        {
            first |= (uint)(flags[i] & First) >> 7 << i;
            second |= (uint)(flags[i] & Second) >> 6 << i;
        }

        return (first, second);
    }
}
