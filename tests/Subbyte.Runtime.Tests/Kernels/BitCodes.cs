using Subbyte.Kernels;

namespace Subbyte.Runtime.Tests.Kernels;

/// <summary>Codes of bit-plane products, and what has to come out of them.</summary>
internal static class BitCodes
{
    public static sbyte Activation(Random random, BitProduct product) => (sbyte)(product switch { BitProduct.ZeroOne => random.Next(2), BitProduct.Signs => (2 * random.Next(2)) - 1, _ => random.Next(3) - 1 });

    public static sbyte Weight(Random random, BitProduct product) => (sbyte)(product == BitProduct.Ternary ? random.Next(3) - 1 : (2 * random.Next(2)) - 1);

    public static uint[] Pack(sbyte[] codes, int channels, BitProduct product)
    {
        float[] values = [.. codes.Select(code => (float)code)];
        var words = new uint[codes.Length / channels * BitPacking.Words(channels) * (product == BitProduct.Ternary ? 2 : 1)];
        if (product == BitProduct.Ternary) BitPacking.Ternary(values, channels, -0.5f, 0.5f, words);
        else BitPacking.Binary(values, channels, 0.5f, words);
        return words;
    }

    public static void AddConstants(int[] sums, sbyte[] weights, int outputs, BitProduct product)
    {
        var depth = weights.Length / outputs;
        for (var i = 0; i < sums.Length; i++)
        {
            if (product == BitProduct.Signs) sums[i] += depth;
            if (product == BitProduct.ZeroOne) sums[i] += weights.AsSpan(i % outputs * depth, depth).Count((sbyte)1);
        }
    }

    public static int[] Convolve(sbyte[] map, sbyte[] weights, ConvolutionGeometry g, int padding)
    {
        var sums = new int[g.Positions * g.OutChannels];
        for (var i = 0; i < sums.Length; i++)
        {
            var (position, output) = Math.DivRem(i, g.OutChannels);
            for (var k = 0; k < g.Depth; k++)
            {
                var (row, column) = ((position / g.OutWidth * g.StrideHeight) - g.PadTop + (k / g.InChannels / g.KernelWidth), (position % g.OutWidth * g.StrideWidth) - g.PadLeft + (k / g.InChannels % g.KernelWidth));
                var inside = row >= 0 && row < g.InHeight && column >= 0 && column < g.InWidth;
                sums[i] += weights[(output * g.Depth) + k] * (inside ? map[(((row * g.InWidth) + column) * g.InChannels) + (k % g.InChannels)] : padding);
            }
        }

        return sums;
    }
}
