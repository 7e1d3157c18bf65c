using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>
/// Maxima of codes over windows. Codes of bit planes are pooled as thermometer codes – does the value reach 1, does it reach 0 – whose maximum is the union of
/// their bits.
/// </summary>
public static class BitPooling
{
    /// <summary>Turns the words of bit planes into thermometer codes: one plane stays, two (not 0; −1) become those of the values that reach 1 and that reach 0.</summary>
    /// <param name="words">Words of pixels, changed in place.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="planes">1 or 2.</param>
    /// <param name="flips">Bits of the channels whose codes descend with what is pooled, a word for 32: 0 and 1, or −1 and 1, change places.</param>
    public static void ToThermometer(Span<uint> words, int channels, int planes, ReadOnlySpan<uint> flips)
    {
        if (planes == 1)
        {
            Flip(words, flips);
            return;
        }

        var step = BitPacking.Words(channels);
        for (int i = 0, word = 0; i < words.Length; i += planes, word = word + 1 == step ? 0 : word + 1)
        {
            var flip = flips[word];
            var (mask, negative) = (words[i], words[i + 1]);
            negative ^= mask & flip;
            (words[i], words[i + 1]) = (mask & ~negative, ~negative & Valid(channels, word));
        }
    }

    /// <summary>The way back from <see cref="ToThermometer"/>.</summary>
    /// <param name="words">Words of pixels, changed in place.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="planes">1 or 2.</param>
    /// <param name="flips">Bits of the channels that were flipped.</param>
    public static void FromThermometer(Span<uint> words, int channels, int planes, ReadOnlySpan<uint> flips)
    {
        if (planes == 1)
        {
            Flip(words, flips);
            return;
        }

        var step = BitPacking.Words(channels);
        for (int i = 0, word = 0; i < words.Length; i += planes, word = word + 1 == step ? 0 : word + 1)
        {
            var flip = flips[word];
            var negative = ~words[i + 1] & Valid(channels, word);
            var mask = words[i] | negative;
            (words[i], words[i + 1]) = (mask, negative ^ (mask & flip));
        }
    }

    /// <summary>Unions of the words under a window, of the pixels inside the map.</summary>
    /// <param name="map">Words of pixels.</param>
    /// <param name="g">Sizes; its channels are the words of a pixel.</param>
    /// <param name="d">Result; it must not overlap the map.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static unsafe void Union(ReadOnlySpan<uint> map, ConvolutionGeometry g, Span<uint> d)
    {
        Check(map.Length, g, d.Length);
        // Words are moved and joined as the bits that they are.
        fixed (float* pm = MemoryMarshal.Cast<uint, float>(map), pd = MemoryMarshal.Cast<uint, float>(d))
            FloatTaps.Run<UnionTap>(pm, g, null, pd);
    }

    /// <summary>The largest byte of each channel under a window, of the pixels inside the map.</summary>
    /// <param name="map">Bytes [pixel][channel].</param>
    /// <param name="g">Sizes.</param>
    /// <param name="d">Result [position][channel]; it must not overlap the map.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public static unsafe void Max(ReadOnlySpan<byte> map, ConvolutionGeometry g, Span<byte> d)
    {
        Check(map.Length, g, d.Length);
        var needed = 4 * g.KernelHeight * g.KernelWidth;
        var onStack = stackalloc nint[needed > SlidingTaps.MostOnStack ? 0 : needed];
        fixed (nint* kept = needed > SlidingTaps.MostOnStack ? Scratch<nint>.Rent(needed) : default)
        fixed (byte* pm = map, pd = d)
        {
            var taps = new SlidingTaps(g, g.InChannels, g.InChannels, kept == null ? onStack : kept);
            // Channels that do not fill a vector take the first of the next pixels with them, whose results are written afterwards; at the ends there are none.
            nint whole = (g.InChannels + Vector128<byte>.Count - 1) / Vector128<byte>.Count * Vector128<byte>.Count;
            byte* to = pd, mapEnd = pm + ((nint)g.InHeight * g.InWidth * g.InChannels), end = pd + ((nint)g.Positions * g.InChannels);
            for (var row = 0; row < g.OutHeight; row++)
            {
                for (var column = 0; column < g.OutWidth; column++, to += g.InChannels)
                {
                    taps.MoveTo(row, column);
                    var hasNext = to + whole <= end && taps.Count > 0 && pm + taps.Origin + taps.Pixels[taps.Count - 1] + whole <= mapEnd;
                    Position(pm + taps.Origin, taps.Pixels, taps.Count, to, g.InChannels, hasNext ? whole : g.InChannels);
                }
            }
        }
    }

    /// <summary>0 and 1 change places in some channels of one plane.</summary>
    private static void Flip(Span<uint> words, ReadOnlySpan<uint> flips)
    {
        for (var i = 0; i < words.Length; i++) words[i] ^= flips[i % flips.Length];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Position(byte* origin, nint* pixels, nint count, byte* to, nint channels, nint padded)
    {
        nint c = 0;
        if (Cpu.HasAvx2)
        {
            for (; c <= channels - Vector256<byte>.Count; c += Vector256<byte>.Count)
            {
                var largest = Vector256<byte>.Zero;
                for (nint k = 0; k < count; k++) largest = Vector256.Max(largest, Vector256.Load(origin + pixels[k] + c));
                Vector256.Store(largest, to + c);
            }
        }

        if (Cpu.HasVector128)
        {
            for (; c <= padded - Vector128<byte>.Count; c += Vector128<byte>.Count)
            {
                var largest = Vector128<byte>.Zero;
                for (nint k = 0; k < count; k++) largest = Vector128.Max(largest, Vector128.Load(origin + pixels[k] + c));
                Vector128.Store(largest, to + c);
            }
        }

        for (; c < channels; c++)
        {
            byte largest = 0;
            for (nint k = 0; k < count; k++) largest = Math.Max(largest, origin[pixels[k] + c]);
            to[c] = largest;
        }
    }

    /// <summary>Bits of a word that are channels.</summary>
    private static uint Valid(int channels, int word) => uint.MaxValue >> Math.Max(0, ((word + 1) * BitPacking.WordBits) - channels);

    private readonly unsafe struct UnionTap : ITapOperator
    {
        public static float Start => 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T result, float* x, float* w) where T : struct, IFloatLanes<T> => T.Load(x) | result;
    }

    private static void Check(int map, ConvolutionGeometry g, int d)
    {
        ArgumentNullException.ThrowIfNull(g);
        if (map < (long)g.InHeight * g.InWidth * g.InChannels || d < (long)g.Positions * g.InChannels)
            throw new ArgumentException($"a map of {map} and a result of {d} elements do not fit {g.InHeight}×{g.InWidth}×{g.InChannels} and {g.Positions} positions", nameof(map));
    }
}
