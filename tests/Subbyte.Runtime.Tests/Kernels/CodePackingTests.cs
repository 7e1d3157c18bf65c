using Subbyte.Kernels;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Kernels;

/// <summary>Codes straight from integer sums, and maxima of codes, against the definition one value at a time.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class CodePackingTests
{
    [Fact]
    public void Sums_become_the_codes_of_their_thresholds()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var (rows, outputs) = (random.Next(1, 5), random.Next(3) == 0 ? 64 : random.Next(1, 100));
            var sums = Arrays.Of(rows * outputs, () => random.Next(-9, 10));
            var low = Arrays.Of(outputs, () => random.Next(20) == 0 ? int.MinValue : random.Next(-9, 1));
            var high = Arrays.Of(outputs, () => random.Next(20) == 0 ? int.MaxValue : random.Next(0, 10));
            var flips = Bits(random, outputs);
            InstructionSets.ForEach(set =>
            {
                var (one, two, bytes) = (new uint[rows * flips.Length], new uint[2 * rows * flips.Length], new byte[sums.Length]);
                SumPacking.Binary(sums, high, flips, one);
                SumPacking.Ternary(sums, low, high, flips, two);
                SumPacking.Bytes(sums, [.. low, .. high], Arrays.Of(outputs, () => 5), [.. Enumerable.Range(0, outputs).Select(m => IsSet(flips, m) ? -1 : 1)], bytes);
                for (var i = 0; i < sums.Length; i++)
                {
                    var (m, sum, sign) = (i % outputs, sums[i], IsSet(flips, i % outputs) ? -1 : 1);
                    var code = sign * ((sum >= high[m] ? 1 : 0) - (sum < low[m] ? 1 : 0));
                    Code(one, i, outputs, 1).ShouldBe((sum >= high[m]) ^ (sign < 0) ? 1 : 0, $"{set}, seed {seed}");
                    Code(two, i, outputs, 2).ShouldBe(code, $"{set}, seed {seed}");
                    bytes[i].ShouldBe((byte)(5 + (sign * ((sum >= high[m] ? 1 : 0) + (sum >= low[m] ? 1 : 0)))), $"{set}, seed {seed}");
                }

                // What fills the last word stays 0: it would be a weight's partner.
                if (outputs % 32 != 0) (one[flips.Length - 1] >> (outputs % 32)).ShouldBe(0u);
                if (outputs % 32 != 0) (two[(2 * flips.Length) - 1] >> (outputs % 32)).ShouldBe(0u);
            });
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Maxima_of_codes_are_codes_of_maxima(int planes)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var (kernel, pad, channels) = (random.Next(1, 4), random.Next(2), random.Next(3) == 0 ? 32 : random.Next(1, 70));
            var g = new ConvolutionGeometry { InHeight = random.Next(3, 7), InWidth = random.Next(3, 7), InChannels = channels, OutChannels = channels, KernelHeight = kernel, KernelWidth = kernel, StrideHeight = random.Next(1, 3), StrideWidth = random.Next(1, 3), PadTop = pad * (kernel / 2), PadRight = pad * (kernel / 2) };
            // Whole numbers, so that floats, codes and flipped codes are the same numbers.
            var codes = Arrays.Of(g.InHeight * g.InWidth * channels, () => planes == 0 ? random.Next(256) : random.Next(planes == 1 ? 0 : -1, 2));
            var flips = planes == 0 ? [] : Bits(random, channels);
            float Flip(float code, int i) => planes == 0 || !IsSet(flips, i % channels) ? code : planes == 1 ? 1 - code : -code;
            var floats = new float[g.Positions * channels];
            Pooling.Max([.. codes.Select((code, i) => Flip(code, i))], g, floats);
            InstructionSets.ForEach(set =>
            {
                var found = Pool(codes, g, planes, flips);
                for (var i = 0; i < found.Length; i++) found[i].ShouldBe((int)Flip(floats[i], i), $"{set}, seed {seed}");
            });
        }
    }

    private static int[] Pool(int[] codes, ConvolutionGeometry g, int planes, uint[] flips)
    {
        if (planes == 0)
        {
            var bytes = new byte[g.Positions * g.InChannels];
            BitPooling.Max(Array.ConvertAll(codes, code => (byte)code), g, bytes);
            return Array.ConvertAll(bytes, code => (int)code);
        }

        var words = g with { InChannels = planes * flips.Length, OutChannels = planes * flips.Length };
        var (map, pooled) = (new uint[g.InHeight * g.InWidth * words.InChannels], new uint[g.Positions * words.InChannels]);
        for (var i = 0; i < codes.Length; i++) Set(map, i, g.InChannels, planes, codes[i]);
        BitPooling.ToThermometer(map, g.InChannels, planes, flips);
        BitPooling.Union(map, words, pooled);
        BitPooling.FromThermometer(pooled, g.InChannels, planes, flips);
        return [.. Enumerable.Range(0, g.Positions * g.InChannels).Select(i => Code(pooled, i, g.InChannels, planes))];
    }

    private static uint[] Bits(Random random, int count)
    {
        var bits = new uint[BitPacking.Words(count)];
        for (var i = 0; i < count; i++) bits[i / 32] |= (uint)random.Next(2) << (i % 32);
        return bits;
    }

    private static bool IsSet(uint[] bits, int i) => ((bits[i / 32] >> (i % 32)) & 1) != 0;

    private static int Word(int i, int channels, int planes) => ((i / channels * BitPacking.Words(channels)) + (i % channels / 32)) * planes;

    private static void Set(uint[] words, int i, int channels, int planes, int code)
    {
        var (word, bit) = (Word(i, channels, planes), 1u << (i % channels % 32));
        if (code != 0) words[word] |= bit;
        if (code < 0) words[word + 1] |= bit;
    }

    private static int Code(uint[] words, int i, int channels, int planes)
    {
        var (word, bit) = (Word(i, channels, planes), i % channels % 32);
        var first = (int)((words[word] >> bit) & 1);
        return planes == 2 && ((words[word + 1] >> bit) & 1) != 0 ? -first : first;
    }
}
