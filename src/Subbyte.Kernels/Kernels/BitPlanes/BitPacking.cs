using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>Packs maps of floats into bit planes, channels innermost: a pixel is ⌈channels / 32⌉ steps of one word (binary) or two (ternary: not 0; −1).</summary>
public static class BitPacking
{
    /// <summary>Bits of a word.</summary>
    public const int WordBits = 32;

    private const int PixelsOfBlock = 32;

    /// <summary>Words of one plane of a pixel.</summary>
    /// <param name="channels">Channels.</param>
    /// <returns>⌈channels / 32⌉.</returns>
    public static int Words(int channels) => (int)(((long)channels + WordBits - 1) / WordBits);

    /// <summary>Bit 1 where a value is at least the threshold; NaN gives 0, as do channels that fill the last word.</summary>
    /// <param name="map">Values [pixel][channel].</param>
    /// <param name="channels">Channels.</param>
    /// <param name="threshold">The threshold.</param>
    /// <param name="words">Takes the words of each pixel.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Binary(ReadOnlySpan<float> map, int channels, float threshold, Span<uint> words)
    {
        Check(map.Length, channels, 1, words.Length);
        if (channels % WordBits == 0 && Cpu.HasAvx2)
        {
            WholeWords(map, threshold, words);
            return;
        }

        var next = 0;
        for (var pixel = 0; pixel < map.Length; pixel += channels)
        {
            for (var c = 0; c < channels; c += WordBits) words[next++] = Bits(map.Slice(pixel + c, Math.Min(WordBits, channels - c)), threshold, below: false);
        }
    }

    /// <summary>−1 where a value lies below <paramref name="low"/>, +1 where it is at least <paramref name="high"/>; NaN gives 0.</summary>
    /// <param name="map">Values [pixel][channel].</param>
    /// <param name="channels">Channels.</param>
    /// <param name="low">Where −1 ends.</param>
    /// <param name="high">Where +1 begins, ≥ <paramref name="low"/>.</param>
    /// <param name="words">Takes the words of each pixel: mask and sign of 32 channels side by side.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Ternary(ReadOnlySpan<float> map, int channels, float low, float high, Span<uint> words)
    {
        Check(map.Length, channels, 2, words.Length);
        if (channels % WordBits == 0 && Cpu.HasAvx2)
        {
            WholePairs(map, low, high, words);
            return;
        }

        var next = 0;
        for (var pixel = 0; pixel < map.Length; pixel += channels)
        {
            for (var c = 0; c < channels; c += WordBits)
            {
                var values = map.Slice(pixel + c, Math.Min(WordBits, channels - c));
                var negative = Bits(values, low, below: true);
                words[next++] = Bits(values, high, below: false) | negative;
                words[next++] = negative;
            }
        }
    }

    /// <summary>Codes whose steps belong to the channel, of <c>v = sign · x</c>: −1 where v lies below the lower step, +1 where it reaches the upper one.</summary>
    /// <param name="map">Values [pixel][channel].</param>
    /// <param name="signs">1 or −1 of each channel.</param>
    /// <param name="low">Lower steps, or empty for binary codes.</param>
    /// <param name="high">Upper steps.</param>
    /// <param name="words">Takes the words of each pixel.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Channels(ReadOnlySpan<float> map, ReadOnlySpan<float> signs, ReadOnlySpan<float> low, ReadOnlySpan<float> high, Span<uint> words)
    {
        var channels = signs.Length;
        var planes = low.IsEmpty ? 1 : 2;
        Check(map.Length, channels, planes, words.Length);
        if (high.Length != channels || (planes == 2 && low.Length != channels)) throw new ArgumentException($"{low.Length} and {high.Length} steps do not serve {channels} channels", nameof(high));
        fixed (float* pm = map, ps = signs, pl = low, ph = high)
        fixed (uint* pw = words)
        {
            if (channels % WordBits == 0 && Cpu.HasAvx2)
            {
                WholeChannels(pm, map.Length, ps, pl, ph, channels, pw);
                return;
            }

            var next = pw;
            for (var pixel = 0; pixel < map.Length; pixel += channels)
            {
                for (var c = 0; c < channels; c += WordBits)
                {
                    uint reached = 0, below = 0;
                    var i = c;
                    var end = Math.Min(c + WordBits, channels);
                    if (Cpu.HasAvx512 && end - i >= Vector512<float>.Count)
                    {
                        var v = Vector512.Load(pm + pixel + i) * Vector512.Load(ps + i);
                        reached = (uint)Vector512.GreaterThanOrEqual(v, Vector512.Load(ph + i)).ExtractMostSignificantBits();
                        below = planes == 2 ? (uint)Vector512.LessThan(v, Vector512.Load(pl + i)).ExtractMostSignificantBits() : 0;
                        i += Vector512<float>.Count;
                    }

                    if (Cpu.HasAvx2)
                    {
                        for (; i <= end - Vector256<float>.Count; i += Vector256<float>.Count)
                        {
                            var v = Vector256.Load(pm + pixel + i) * Vector256.Load(ps + i);
                            reached |= Vector256.GreaterThanOrEqual(v, Vector256.Load(ph + i)).ExtractMostSignificantBits() << (i - c);
                            below |= planes == 2 ? Vector256.LessThan(v, Vector256.Load(pl + i)).ExtractMostSignificantBits() << (i - c) : 0;
                        }
                    }

                    for (; i < end; i++)
                    {
                        var v = pm[pixel + i] * ps[i];
                        reached |= v >= ph[i] ? 1u << (i - c) : 0;
                        below |= planes == 2 && v < pl[i] ? 1u << (i - c) : 0;
                    }

                    *next++ = reached | below;
                    if (planes == 2) *next++ = below;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void WholeChannels(float* map, nint length, float* signs, float* low, float* high, nint channels, uint* words)
    {
        for (var end = map + length; map < end; map += channels)
        {
            for (nint c = 0; c < channels; c += WordBits)
            {
                var below = low is null ? 0 : Word(map + c, signs + c, low + c, below: true);
                *words++ = Word(map + c, signs + c, high + c, below: false) | below;
                if (low is not null) *words++ = below;
            }
        }
    }

    /// <summary>Bits of 32 values that lie below their steps, or of those that reach them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe uint Word(float* x, float* signs, float* steps, bool below)
    {
        if (Cpu.HasAvx512)
        {
            Vector512<float> first = Vector512.Load(x) * Vector512.Load(signs), second = Vector512.Load(x + 16) * Vector512.Load(signs + 16);
            return (uint)(below ? Vector512.LessThan(first, Vector512.Load(steps)) : Vector512.GreaterThanOrEqual(first, Vector512.Load(steps))).ExtractMostSignificantBits()
                | ((uint)(below ? Vector512.LessThan(second, Vector512.Load(steps + 16)) : Vector512.GreaterThanOrEqual(second, Vector512.Load(steps + 16))).ExtractMostSignificantBits() << 16);
        }

        uint word = 0;
        for (var i = 0; i < WordBits; i += Vector256<float>.Count)
        {
            var v = Vector256.Load(x + i) * Vector256.Load(signs + i);
            word |= (below ? Vector256.LessThan(v, Vector256.Load(steps + i)) : Vector256.GreaterThanOrEqual(v, Vector256.Load(steps + i))).ExtractMostSignificantBits() << i;
        }

        return word;
    }

    /// <summary>Words of neighbouring values, one behind the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void WholeWords(ReadOnlySpan<float> map, float threshold, Span<uint> words)
    {
        fixed (float* begin = map)
        fixed (uint* target = words)
        {
            var to = target;
            for (float* x = begin, end = begin + map.Length; x < end; x += WordBits) *to++ = Word(x, threshold, below: false);
        }
    }

    /// <summary>Masks and signs of neighbouring values, one behind the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void WholePairs(ReadOnlySpan<float> map, float low, float high, Span<uint> words)
    {
        fixed (float* begin = map)
        fixed (uint* target = words)
        {
            var to = target;
            for (float* x = begin, end = begin + map.Length; x < end; x += WordBits, to += 2)
            {
                to[1] = Word(x, low, below: true);
                to[0] = Word(x, high, below: false) | to[1];
            }
        }
    }

    /// <summary>Bits of 32 values that lie below a threshold, or of those that reach it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe uint Word(float* x, float threshold, bool below)
    {
        if (Cpu.HasAvx512)
        {
            Vector512<float> wide = Vector512.Create(threshold), first = Vector512.Load(x), second = Vector512.Load(x + 16);
            return (uint)(below ? Vector512.LessThan(first, wide) : Vector512.GreaterThanOrEqual(first, wide)).ExtractMostSignificantBits()
                | ((uint)(below ? Vector512.LessThan(second, wide) : Vector512.GreaterThanOrEqual(second, wide)).ExtractMostSignificantBits() << 16);
        }

        var t = Vector256.Create(threshold);
        uint word = 0;
        for (var i = 0; i < WordBits; i += Vector256<float>.Count)
            word |= (below ? Vector256.LessThan(Vector256.Load(x + i), t) : Vector256.GreaterThanOrEqual(Vector256.Load(x + i), t)).ExtractMostSignificantBits() << i;
        return word;
    }

    /// <summary>The same as <see cref="Binary"/> of a map whose channels lie one after the other.</summary>
    /// <param name="map">Values [channel][pixel].</param>
    /// <param name="channels">Channels.</param>
    /// <param name="threshold">The threshold.</param>
    /// <param name="words">Takes the words of each pixel.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void BinaryPlanar(ReadOnlySpan<float> map, int channels, float threshold, Span<uint> words)
    {
        Check(map.Length, channels, 1, words.Length);
        for (var first = 0; first < channels; first += WordBits) Planes(map, channels, first, threshold, float.NegativeInfinity, words, 1);
    }

    /// <summary>The same as <see cref="Ternary"/> of a map whose channels lie one after the other.</summary>
    /// <param name="map">Values [channel][pixel].</param>
    /// <param name="channels">Channels.</param>
    /// <param name="low">Where −1 ends.</param>
    /// <param name="high">Where +1 begins, ≥ <paramref name="low"/>.</param>
    /// <param name="words">Takes the words of each pixel.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void TernaryPlanar(ReadOnlySpan<float> map, int channels, float low, float high, Span<uint> words)
    {
        Check(map.Length, channels, 2, words.Length);
        for (var first = 0; first < channels; first += WordBits) Planes(map, channels, first, high, low, words, 2);
    }

    /// <summary>The words of 32 channels: a lane a pixel collects their bits.</summary>
    private static unsafe void Planes(ReadOnlySpan<float> map, int channels, int first, float high, float low, Span<uint> words, int planes)
    {
        var pixels = map.Length / channels;
        var count = Math.Min(WordBits, channels - first);
        int step = Words(channels) * planes, pixel = 0;
        fixed (float* begin = map)
        fixed (uint* target = words)
        {
            var x = begin + ((nint)first * pixels);
            var to = target + (first / WordBits * planes);
            if (Cpu.HasAvx512 && pixels >= PixelsOfBlock) pixel = Planes512(x, pixels, count, high, low, to, step, planes);
            else if (Cpu.HasAvx2 && pixels >= Vector256<float>.Count) pixel = Planes256(x, pixels, count, high, low, to, step, planes);
            for (; pixel < pixels; pixel++)
            {
                uint reached = 0, below = 0;
                for (var c = 0; c < count; c++)
                {
                    var value = x[((nint)c * pixels) + pixel];
                    reached |= value >= high ? 1u << c : 0;
                    below |= planes == 2 && value < low ? 1u << c : 0;
                }

                to[(nint)pixel * step] = reached | below;
                if (planes == 2) to[((nint)pixel * step) + 1] = below;
            }
        }
    }

    /// <summary>Two cache lines of each channel at a time, the last ones twice where they are no whole block.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int Planes512(float* x, nint pixels, int count, float high, float low, uint* words, nint step, int planes)
    {
        var positive = stackalloc uint[PixelsOfBlock];
        var negative = stackalloc uint[PixelsOfBlock];
        Vector512<float> upper = Vector512.Create(high), lower = Vector512.Create(low);
        for (nint block = 0; block < pixels; block += PixelsOfBlock)
        {
            var pixel = Math.Min(block, pixels - PixelsOfBlock);
            Vector512<uint> reached = default, nextReached = default, below = default, nextBelow = default, bit = Vector512<uint>.One;
            var from = x + pixel;
            for (var c = count; c > 0; c--, from += pixels, bit <<= 1)
            {
                Vector512<float> values = Vector512.Load(from), next = Vector512.Load(from + Vector512<float>.Count);
                reached |= Vector512.GreaterThanOrEqual(values, upper).AsUInt32() & bit;
                nextReached |= Vector512.GreaterThanOrEqual(next, upper).AsUInt32() & bit;
                if (planes == 1) continue;
                below |= Vector512.LessThan(values, lower).AsUInt32() & bit;
                nextBelow |= Vector512.LessThan(next, lower).AsUInt32() & bit;
            }

            (reached | below).Store(positive);
            (nextReached | nextBelow).Store(positive + Vector512<uint>.Count);
            below.Store(negative);
            nextBelow.Store(negative + Vector512<uint>.Count);
            Scatter(positive, negative, PixelsOfBlock, words + (pixel * step), step, planes);
        }

        return (int)pixels;
    }

    /// <summary>Eight pixels at a time, the last ones twice.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int Planes256(float* x, nint pixels, int count, float high, float low, uint* words, nint step, int planes)
    {
        var positive = stackalloc uint[Vector256<uint>.Count];
        var negative = stackalloc uint[Vector256<uint>.Count];
        Vector256<float> upper = Vector256.Create(high), lower = Vector256.Create(low);
        for (nint block = 0; block < pixels; block += Vector256<float>.Count)
        {
            var pixel = Math.Min(block, pixels - Vector256<float>.Count);
            Vector256<uint> reached = default, below = default, bit = Vector256<uint>.One;
            var from = x + pixel;
            for (var c = count; c > 0; c--, from += pixels, bit <<= 1)
            {
                var values = Vector256.Load(from);
                reached |= Vector256.GreaterThanOrEqual(values, upper).AsUInt32() & bit;
                if (planes == 2) below |= Vector256.LessThan(values, lower).AsUInt32() & bit;
            }

            (reached | below).Store(positive);
            below.Store(negative);
            Scatter(positive, negative, Vector256<float>.Count, words + (pixel * step), step, planes);
        }

        return (int)pixels;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Scatter(uint* positive, uint* negative, int count, uint* words, nint step, int planes)
    {
        for (var i = 0; i < count; i++, words += step)
        {
            words[0] = positive[i];
            if (planes == 2) words[1] = negative[i];
        }
    }

    private static unsafe uint Bits(ReadOnlySpan<float> values, float threshold, bool below)
    {
        if (values.Length == WordBits && Cpu.HasAvx2)
        {
            fixed (float* x = values) return Word(x, threshold, below);
        }

        uint word = 0;
        var i = 0;
        if (Cpu.HasAvx512 && values.Length >= Vector512<float>.Count)
        {
            Vector512<float> x = Vector512.Create(values), t = Vector512.Create(threshold);
            word = (uint)(below ? Vector512.LessThan(x, t) : Vector512.GreaterThanOrEqual(x, t)).ExtractMostSignificantBits();
            i = Vector512<float>.Count;
        }

        if (Cpu.HasAvx2)
        {
            var t = Vector256.Create(threshold);
            for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                var x = Vector256.Create(values[i..]);
                word |= (below ? Vector256.LessThan(x, t) : Vector256.GreaterThanOrEqual(x, t)).ExtractMostSignificantBits() << i;
            }
        }

        for (; i < values.Length; i++) word |= (below ? values[i] < threshold : values[i] >= threshold) ? 1u << i : 0;
        return word;
    }

    private static void Check(int map, int channels, int planes, int words)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (map % channels != 0 || words < (long)map / channels * Words(channels) * planes)
            throw new ArgumentException($"{map} values of {channels} channels do not fit {words} words", nameof(map));
    }
}
