using Subbyte.Kernels;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Kernels;

[Collection(InstructionSetCollection.Name)]
public sealed class LookupConvolutionTests
{
    private static readonly BitProduct[] Products = Enum.GetValues<BitProduct>();

    [Fact]
    public void Sums_of_random_layers_are_those_of_the_codes_on_every_instruction_set()
    {
        var random = new Random(7);
        for (var layer = 0; layer < 60; layer++)
        {
            var size = random.Next(1, 20);
            Check(random, new ConvolutionGeometry
            {
                InHeight = random.Next(1, 7),
                InWidth = size,
                InChannels = random.Next(1, 140),
                OutChannels = 32 * random.Next(1, 7),
                KernelHeight = 1 + (2 * random.Next(2)),
                KernelWidth = 3,
                PadTop = 1,
                PadBottom = 1,
                PadLeft = random.Next(size < 3 ? 1 : 0, 3),
                PadRight = random.Next(size < 3 ? 1 : 0, 4),
            }, Products[layer % Products.Length]);
        }
    }

    [Theory]
    [InlineData(BitProduct.ZeroOne)]
    [InlineData(BitProduct.Signs)]
    [InlineData(BitProduct.Ternary)]
    public void Deep_layers_overflow_no_sum(BitProduct product)
    {
        var deep = new ConvolutionGeometry { InHeight = 2, InWidth = 3, InChannels = 5000, OutChannels = 64, KernelHeight = 3, KernelWidth = 3, PadTop = 1, PadBottom = 1, PadLeft = 1, PadRight = 1 };
        Check(new Random(1), deep, product);
        // Every position differs, or every product is 1: no sum is greater.
        Check(new Random(2), deep, product, product == BitProduct.Ternary ? 1 : product == BitProduct.ZeroOne ? 0 : -1, 1);
    }

    [Fact]
    public void Shapes_that_tables_do_not_suit_are_left_to_others()
    {
        var g = new ConvolutionGeometry { InHeight = 5, InWidth = 5, InChannels = 8, OutChannels = 64, KernelHeight = 3, KernelWidth = 3 };
        For(g)?.Length.ShouldBeGreaterThan(0);
        For(g with { StrideWidth = 2, StrideHeight = 2 }).ShouldBeNull();
        For(g with { DilationWidth = 2 }).ShouldBeNull();
        For(g with { KernelWidth = 5, KernelHeight = 5 }).ShouldBeNull();
        For(g with { OutChannels = 40 }).ShouldBeNull();
        Should.Throw<ArgumentException>(() => LookupConvolution.For(g, Weights(g with { InChannels = 9 }), BitProduct.Signs));
        Should.Throw<ArgumentException>(() => LookupConvolution.For(g, Weights(g), BitProduct.Ternary)).Message.ShouldContain("planes");
    }

    [Fact]
    public void Memory_that_is_too_short_is_refused()
    {
        var g = new ConvolutionGeometry { InHeight = 5, InWidth = 5, InChannels = 8, OutChannels = 64, KernelHeight = 3, KernelWidth = 3 };
        if (For(g) is not { } lookups) return;
        var codes = new ushort[lookups.Length];
        Should.Throw<ArgumentException>(() => lookups.Encode(new uint[24], codes));
        Should.Throw<ArgumentException>(() => lookups.Encode(new uint[25], codes.AsSpan(1)));
        Should.Throw<ArgumentException>(() => lookups.Multiply(codes, 0, 3, new int[(9 * 64) - 1], 64));
        Should.Throw<ArgumentException>(() => lookups.Multiply(codes.AsSpan(1), 0, 3, new int[9 * 64], 64));
        Should.Throw<ArgumentOutOfRangeException>(() => lookups.Multiply(codes, 2, 2, new int[9 * 64], 64));
    }

    private static LookupConvolution? For(ConvolutionGeometry g) => LookupConvolution.For(g, Weights(g), BitProduct.Signs);

    private static PackedBitMatrix Weights(ConvolutionGeometry g)
        => PackedBitMatrix.Pack(Arrays.Of(g.OutChannels * g.Depth, () => (sbyte)1), g.OutChannels, g.KernelHeight * g.KernelWidth, g.InChannels, 1);

    private static void Check(Random random, ConvolutionGeometry g, BitProduct product, int? activation = null, int? weight = null)
    {
        var map = Arrays.Of(g.InHeight * g.InWidth * g.InChannels, () => (sbyte?)activation ?? BitCodes.Activation(random, product));
        var weights = Arrays.Of(g.OutChannels * g.Depth, () => (sbyte?)weight ?? BitCodes.Weight(random, product));
        var exact = BitCodes.Convolve(map, weights, g, product == BitProduct.Signs ? -1 : 0);
        InstructionSets.ForEach(set =>
        {
            var packed = PackedBitMatrix.Pack(weights, g.OutChannels, g.KernelHeight * 3, g.InChannels, product == BitProduct.Ternary ? 2 : 1);
            var lookups = LookupConvolution.For(g, packed, product);
            if (set < InstructionSet.Avx512) (lookups is not null).ShouldBe(set >= InstructionSet.Avx2, $"{set}");
            if (lookups is null) return;
            var codes = Arrays.Of(lookups.Length, () => (ushort)0x7FF);
            lookups.Encode(BitCodes.Pack(map, g.InChannels, product), codes);
            var sums = new int[g.Positions * g.OutChannels];
            for (var line = 0; line < g.OutHeight; line += 2)
                lookups.Multiply(codes, line, Math.Min(2, g.OutHeight - line), sums.AsSpan(line * g.OutWidth * g.OutChannels), g.OutChannels);
            BitCodes.AddConstants(sums, weights, g.OutChannels, product);
            sums.ShouldBe(exact, $"{set}: {g}");
        });
    }
}
