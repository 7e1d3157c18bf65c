using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

/// <summary>Products of few weights over planes give the sums of the dense product over patch rows, on every instruction set.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class SparseProductTests
{
    private readonly Random _random = new(21);

    public static TheoryData<ConvolutionGeometry> Geometries =>
    [
        Geometry(9, 32, 8, 5),
        Geometry(7, 13, 17, 3) with { StrideHeight = 2, StrideWidth = 2 },
        Geometry(12, 11, 24, 6) with { StrideHeight = 3, StrideWidth = 2, PadLeft = 2, PadTop = 0 },
        Geometry(10, 9, 3, 4) with { DilationHeight = 2, DilationWidth = 3, StrideWidth = 2 },
        Geometry(8, 8, 16, 7) with { KernelHeight = 1, KernelWidth = 1, PadTop = 0, PadLeft = 0, PadBottom = 0, PadRight = 0 },
        Geometry(8, 8, 16, 2) with { KernelHeight = 1, KernelWidth = 1, StrideHeight = 2, StrideWidth = 2, PadTop = 0, PadLeft = 0, PadBottom = 0, PadRight = 0 },
        Geometry(1, 40, 9, 4) with { KernelHeight = 1, PadTop = 0, PadBottom = 0 },
    ];

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Sums_are_those_of_the_dense_product(ConvolutionGeometry g)
    {
        foreach (var (code, weight) in new[] { (255, 15), (23, 128), (127, 128), (1, 1) })
        {
            var map = Arrays.Bytes(_random, g.InHeight * g.InWidth * g.InChannels, code);
            var weights = Arrays.SBytes(_random, g.OutChannels * g.Depth, weight).Select(w => _random.Next(4) == 0 ? w : (sbyte)0).ToArray();
            Array.Clear(weights, 0, g.Depth);
            var start = Arrays.Of(g.Positions * g.OutChannels, () => _random.Next(-1000, 1000));
            var expected = Dense(g, map, (byte)(code / 2), weights, start);
            InstructionSets.ForEach(set => Sparse(g, map, (byte)(code / 2), weights, start, code).ShouldBe(expected, $"{set}, codes {code}, weights {weight}, {g}"));
        }
    }

    [Fact]
    public void What_could_overflow_or_leaves_a_span_is_refused()
    {
        Should.Throw<ArgumentException>(() => SparseInt8Matrix.Pack([-128, 1], [0, 1], 255)).Message.ShouldContain("do not fit 16 bits");
        Should.Throw<ArgumentException>(() => SparseInt8Matrix.Pack(new sbyte[3], [0, 1], 255));
        var w = SparseInt8Matrix.Pack([1, 2], [0, 100], 255);
        Should.Throw<ArgumentException>(() => SparseProduct.Add(new byte[163], w, 10, new int[64], 64));
        Should.Throw<ArgumentException>(() => SparseProduct.Add(new byte[164], w, 10, new int[63], 64));
        Should.Throw<ArgumentException>(() => SparseProduct.Add(new byte[164], w, 10, new int[64], 10));
        SparseProduct.Add(new byte[164], w, 10, new int[64], 64);
    }

    [Fact]
    public void Convolutions_of_groups_have_no_planes() => PlaneMap.For(Geometry(8, 8, 4, 4) with { Groups = 2 }).ShouldBeNull();

    [Fact]
    public void Differences_between_counts_of_busy_partners_are_those_of_their_tables()
    {
        byte[] identity = [.. Enumerable.Range(0, 256).Select(i => (byte)i)], zeros = new byte[256], any = Arrays.Bytes(_random, 256);
        foreach (var tables in new[] { [identity, any, any], [zeros, zeros, any], [identity, any], [any, identity, any], new[] { any } })
        {
            const int length = 1501;
            var planes = Arrays.Of(5 * length, () => (byte)(_random.Next(2) * _random.Next(256)));
            int[] seen = [3 * length, length], hidden = [4 * length];
            var expected = Enumerable.Range(0, length).Select(i =>
            {
                var few = seen.Count(partner => planes[partner + i] != 0);
                var all = few + hidden.Count(partner => planes[partner + i] != 0);
                return unchecked((byte)(7 + Entry(tables, few, planes[i]) - Entry(tables, all, planes[i])));
            }).ToArray();
            InstructionSets.ForEach(set =>
            {
                var d = new byte[length];
                new PartnerPlanes(tables, 7).Subtract(planes, 0, seen, hidden, d);
                d.ShouldBe(expected, $"{set}");
            });
        }
    }

    private static byte Entry(byte[][] tables, int busy, byte code) => tables[Math.Min(busy, tables.Length - 1)][code];

    private static int[] Sparse(ConvolutionGeometry g, byte[] map, byte padding, sbyte[] weights, int[] start, int largestCode)
    {
        var planes = PlaneMap.For(g).ShouldNotBeNull();
        var codes = new byte[planes.Length];
        planes.Fill(map, padding, codes);
        var w = SparseInt8Matrix.Pack(weights, Enumerable.Range(0, g.Depth).Select(planes.Offset).ToArray(), largestCode);
        var ldc = (planes.Positions + PlaneMap.PositionsOfBlock - 1) / PlaneMap.PositionsOfBlock * PlaneMap.PositionsOfBlock;
        var sums = new int[g.OutChannels * ldc];
        for (var i = 0; i < start.Length; i++) sums[Place(i)] = start[i];
        SparseProduct.Add(codes, w, planes.Positions, sums, ldc);
        return [.. start.Select((_, i) => sums[Place(i)])];

        int Place(int i)
        {
            var (position, output) = Math.DivRem(i, g.OutChannels);
            return (output * ldc) + (position / g.OutWidth * planes.Pitch) + (position % g.OutWidth);
        }
    }

    private static int[] Dense(ConvolutionGeometry g, byte[] map, byte padding, sbyte[] weights, int[] start)
    {
        var rows = new byte[g.Positions * g.Depth];
        Im2Col.Pack(map, g, 0, 0, g.Positions, padding, rows, g.Depth);
        return [.. start.Select((sum, i) =>
        {
            var (position, output) = Math.DivRem(i, g.OutChannels);
            for (var k = 0; k < g.Depth; k++) sum += rows[(position * g.Depth) + k] * weights[(output * g.Depth) + k];
            return sum;
        })];
    }

    private static ConvolutionGeometry Geometry(int height, int width, int channels, int outputs) => new()
    {
        InHeight = height,
        InWidth = width,
        InChannels = channels,
        OutChannels = outputs,
        KernelHeight = 3,
        KernelWidth = 3,
        PadTop = 1,
        PadLeft = 1,
        PadBottom = 1,
        PadRight = 1,
    };
}
