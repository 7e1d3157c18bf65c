using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>Packs maps of floats into bit planes, channels innermost: a pixel is ⌈channels / 32⌉ steps of one word (binary) or two (ternary: not 0; −1).</summary>
public static class BitPacking
{
    /// <summary>Bits of a word.</summary>
    public const int WordBits = 32;

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
        if (channels % WordBits == 0)
        {
            for (var i = 0; i < map.Length / WordBits; i++) words[i] = AtLeast(map.Slice(i * WordBits, WordBits), threshold);
            return;
        }

        var next = 0;
        for (var pixel = 0; pixel < map.Length; pixel += channels)
        {
            for (var c = 0; c < channels; c += WordBits) words[next++] = AtLeast(map.Slice(pixel + c, Math.Min(WordBits, channels - c)), threshold);
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
        var next = 0;
        for (var pixel = 0; pixel < map.Length; pixel += channels)
        {
            for (var c = 0; c < channels; c += WordBits)
            {
                var values = map.Slice(pixel + c, Math.Min(WordBits, channels - c));
                var negative = Below(values, low);
                words[next++] = AtLeast(values, high) | negative;
                words[next++] = negative;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint AtLeast(ReadOnlySpan<float> values, float threshold)
    {
        if (values.Length == WordBits && Cpu.HasAvx512)
        {
            var t = Vector512.Create(threshold);
            return (uint)Vector512.GreaterThanOrEqual(Vector512.Create(values), t).ExtractMostSignificantBits() | ((uint)Vector512.GreaterThanOrEqual(Vector512.Create(values[16..]), t).ExtractMostSignificantBits() << 16);
        }

        if (values.Length == WordBits && Cpu.HasAvx2)
        {
            var t = Vector256.Create(threshold);
            uint bits = 0;
            for (var i = 0; i < 4; i++) bits |= Vector256.GreaterThanOrEqual(Vector256.Create(values[(8 * i)..]), t).ExtractMostSignificantBits() << (8 * i);
            return bits;
        }

        uint word = 0;
        for (var i = 0; i < values.Length; i++) word |= values[i] >= threshold ? 1u << i : 0;
        return word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Below(ReadOnlySpan<float> values, float threshold)
    {
        if (values.Length == WordBits && Cpu.HasAvx512)
        {
            var t = Vector512.Create(threshold);
            return (uint)Vector512.LessThan(Vector512.Create(values), t).ExtractMostSignificantBits() | ((uint)Vector512.LessThan(Vector512.Create(values[16..]), t).ExtractMostSignificantBits() << 16);
        }

        if (values.Length == WordBits && Cpu.HasAvx2)
        {
            var t = Vector256.Create(threshold);
            uint bits = 0;
            for (var i = 0; i < 4; i++) bits |= Vector256.LessThan(Vector256.Create(values[(8 * i)..]), t).ExtractMostSignificantBits() << (8 * i);
            return bits;
        }

        uint word = 0;
        for (var i = 0; i < values.Length; i++) word |= values[i] < threshold ? 1u << i : 0;
        return word;
    }

    private static void Check(int map, int channels, int planes, int words)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (map % channels != 0 || words < (long)map / channels * Words(channels) * planes)
            throw new ArgumentException($"{map} values of {channels} channels do not fit {words} words", nameof(map));
    }
}
