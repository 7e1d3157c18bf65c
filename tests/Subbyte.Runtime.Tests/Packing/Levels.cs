using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Networks;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Packing;

/// <summary>Sums of products of scaled digits, as multi-level ternary and binary networks have them, some of them pruned.</summary>
internal static class Levels
{
    /// <summary>A network with such sums in every lowered layer.</summary>
    public static LowBitNetwork In(LowBitNetwork network, Random random)
    {
        var (planes, digits) = (random.Next(1, 4), random.Next(3));
        var isBinary = random.Next(3) == 0;
        return In(network, random, planes, digits, isBinary, random.Next(3) switch { 0 => 0.95, 1 => 0.6, _ => 0.3 });
    }

    /// <summary>A network with such sums in every lowered layer.</summary>
    public static LowBitNetwork In(LowBitNetwork network, Random random, int planes, int digits, bool isBinary, double zeros)
    {
        return network.With(network.Layers.ToDictionary(
            pair => pair.Key,
            pair =>
            {
                var layer = pair.Value.Layer;
                IActivationQuantizer input = digits == 0 ? new UniformActivations("test", new CodeRange(0, 255), 0.02f, 0, 8, Rounding.HalfEven) : new SteppedActivations(isBinary ? 1 << digits : 1 + (2 * digits));
                IActivationCode[] codes = digits == 0 ? [TableCode.Identity(input.Range)] : [.. Enumerable.Range(0, digits).Select(digit => new TableCode(input.Range, code => code == 0 ? 0 : isBinary ? ((code - 1) >> digit & 1) * 2 - 1 : (code + digit) % 3 - 1))];
                var groups = new List<ProductGroup>();
                for (var plane = 0; plane < planes; plane++)
                {
                    short[] weights = [.. Enumerable.Range(0, layer.Outputs * layer.Depth).Select(_ => isBinary ? (short)((2 * random.Next(2)) - 1) : random.NextDouble() < zeros ? (short)0 : (short)((2 * random.Next(2)) - 1))];
                    groups.AddRange(codes.Select(code => new ProductGroup([new ProductTerm(code, weights)], [.. Enumerable.Range(0, layer.Outputs).Select(_ => (long)random.Next(-3, 4))], Arrays.Floats(random, layer.Outputs))));
                }

                return pair.Value with { Input = input, Groups = groups };
            },
            StringComparer.Ordinal));
    }

    /// <summary>Codes 1 and up for steps of 0.3 from −0.5 on; padding holds 0, which no value becomes.</summary>
    private sealed class SteppedActivations(int codes) : IActivationQuantizer
    {
        public string FilledBy => "test";

        public CodeRange Range { get; } = new(0, codes);

        public float Scale => 1;

        public int ZeroPoint => 0;

        public double Bits => 2;

        public void Encode(ReadOnlySpan<float> values, Span<short> codes)
        {
            for (var i = 0; i < values.Length; i++) codes[i] = (short)Code(values[i]);
        }

        public void Encode(ReadOnlySpan<float> values, int shift, Span<byte> codes)
        {
            for (var i = 0; i < values.Length; i++) codes[i] = (byte)(Code(values[i]) + shift);
        }

        private int Code(float value)
        {
            var code = 1;
            for (var step = 1; step < codes; step++) code += value >= (0.3f * step) - 0.5f ? 1 : 0;
            return code;
        }
    }
}
