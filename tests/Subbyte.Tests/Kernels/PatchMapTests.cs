using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

/// <summary>Patches read in place give the sums of the patch matrix, bit for bit, on every instruction set.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class PatchMapTests
{
    private readonly Random _random = new(20);

    public static TheoryData<int, int, int, int, int, int, int> Shapes => new()
    {
        // height, width, channels, outputs, kernel, stride, pad
        { 5, 6, 3, 5, 3, 1, 1 },
        { 7, 5, 16, 16, 3, 2, 1 },
        { 8, 32, 16, 17, 3, 1, 1 },
        { 6, 29, 40, 33, 3, 2, 0 },
        { 9, 9, 8, 48, 5, 1, 2 },
        { 1, 12, 5, 1, 2, 1, 0 },
        { 9, 3, 7, 70, 3, 1, 0 },
        { 7, 7, 130, 20, 3, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sums_are_those_of_the_patch_matrix(int height, int width, int channels, int outputs, int kernel, int stride, int pad)
    {
        var g = Geometry(height, width, channels, outputs, kernel, stride, pad);
        var ldc = outputs + 3;
        int map = height * width * channels, weights = outputs * g.Depth, sums = (g.Positions * ldc) + 1;
        byte[] bytes = Arrays.Bytes(_random, map);
        short[] shorts = Arrays.Shorts(_random, map), wide = Arrays.Shorts(_random, weights);
        float[] floats = Arrays.Floats(_random, map), real = Arrays.Floats(_random, weights);
        InstructionSets.ForEach(set =>
        {
            foreach (var largest in new[] { 1, 7, 64, 128 })
            {
                var narrow = Arrays.SBytes(_random, weights, largest);
                Compare<byte, sbyte, int>(g, 4, bytes, 9, narrow, sums, ldc, (a, stride, rows, w, depth, c) => Int8Gemm.Multiply(a, stride, rows, PackedInt8Matrix.Pack(w, outputs, depth), c, ldc), (a, patches, line, lines, w, c) => Int8Gemm.MultiplyPatches(a, patches, line, lines, PackedInt8Matrix.Pack(w, outputs, patches.Depth), c, ldc), set);
            }

            Compare<short, short, int>(g, 2, shorts, -7, wide, sums, ldc, (a, stride, rows, w, depth, c) => Int16Gemm.Multiply(a, stride, rows, PackedInt16Matrix.Pack(w, outputs, depth), c, ldc), (a, patches, line, lines, w, c) => Int16Gemm.MultiplyPatches(a, patches, line, lines, PackedInt16Matrix.Pack(w, outputs, patches.Depth), c, ldc), set);
            Compare<float, float, float>(g, 1, floats, 0, real, sums, ldc, (a, stride, rows, w, depth, c) => FloatGemm.Multiply(a, stride, rows, PackedFloatMatrix.Pack(w, outputs, depth), c, ldc), (a, patches, line, lines, w, c) => FloatGemm.MultiplyPatches(a, patches, line, lines, PackedFloatMatrix.Pack(w, outputs, patches.Depth), c, ldc), set);
        });
    }

    [Fact]
    public void What_cannot_be_read_in_place_has_no_map()
    {
        var g = Geometry(8, 8, 16, 16, 3, 1, 1);
        PatchMap.For(g, 4).ShouldNotBeNull();
        PatchMap.For(g with { Groups = 2 }, 4).ShouldBeNull();
        PatchMap.For(g with { DilationWidth = 2 }, 4).ShouldBeNull();
        PatchMap.For(g with { KernelHeight = 1, KernelWidth = 1, PadTop = 0, PadLeft = 0, PadBottom = 0, PadRight = 0 }, 4).ShouldBeNull();
        PatchMap.For(g with { InChannels = 4096 }, 1).ShouldBeNull();
    }

    [Fact]
    public void Spans_that_do_not_fit_are_refused()
    {
        var patches = PatchMap.For(Geometry(8, 8, 16, 16, 3, 1, 1), 4)!;
        var w = PackedInt8Matrix.Pack(new sbyte[16 * patches.Depth], 16, patches.Depth);
        var (map, sums) = (new byte[patches.Length], new int[64 * 16]);
        Should.Throw<ArgumentException>(() => Int8Gemm.MultiplyPatches(map.AsSpan(1), patches, 0, 8, w, sums, 16));
        Should.Throw<ArgumentException>(() => Int8Gemm.MultiplyPatches(map, patches, 1, 8, w, sums, 16));
        Should.Throw<ArgumentException>(() => Int8Gemm.MultiplyPatches(map, patches, 0, 8, w, sums.AsSpan(1), 16));
        Should.Throw<ArgumentException>(() => Int8Gemm.MultiplyPatches(map, patches, 0, 8, PackedInt8Matrix.Pack(new sbyte[16 * 140], 16, 140), sums, 16));
        Should.Throw<ArgumentException>(() => patches.Fill<byte>(new byte[8 * 8 * 15], 0, map));
        Should.Throw<ArgumentException>(() => patches.Fill<byte>(new byte[8 * 8 * 16], 0, map.AsSpan(1)));
    }

    private delegate void MatrixProduct<T, TWeight, TSum>(T[] rows, int stride, int count, TWeight[] weights, int depth, TSum[] sums);

    private delegate void PatchProduct<T, TWeight, TSum>(T[] map, PatchMap patches, int line, int lines, TWeight[] weights, Span<TSum> sums);

    private static void Compare<T, TWeight, TSum>(ConvolutionGeometry g, int elementsOfStep, T[] map, T padding, TWeight[] weights, int length, int ldc, MatrixProduct<T, TWeight, TSum> byMatrix, PatchProduct<T, TWeight, TSum> inPlace, InstructionSet set)
        where T : unmanaged
        where TSum : unmanaged
    {
        var stride = (g.Depth + 3) / 4 * 4;
        var rows = new T[g.Positions * stride];
        Im2Col.Pack(map, g, 0, 0, g.Positions, padding, rows, stride);
        TSum[] expected = new TSum[length], actual = new TSum[length];
        byMatrix(rows, stride, g.Positions, weights, g.Depth, expected);
        var patches = PatchMap.For(g, elementsOfStep)!;
        var padded = new T[patches.Length];
        patches.Fill(map, padding, padded);
        // In two pieces, since blocks of lines are multiplied one after the other.
        var first = patches.Lines / 2;
        var padWeights = patches.PadWeights<TWeight>(weights).ToArray();
        inPlace(padded, patches, 0, first, padWeights, actual);
        inPlace(padded, patches, first, patches.Lines - first, padWeights, actual.AsSpan(first * patches.LineLength * ldc));
        actual.ShouldBe(expected, $"{set}, {typeof(T).Name}");
    }

    private static ConvolutionGeometry Geometry(int height, int width, int channels, int outputs, int kernel, int stride, int pad) => new()
    {
        InHeight = height,
        InWidth = width,
        InChannels = channels,
        OutChannels = outputs,
        KernelHeight = Math.Min(kernel, height),
        KernelWidth = kernel,
        StrideHeight = stride,
        StrideWidth = stride,
        PadTop = height == 1 ? 0 : pad,
        PadLeft = pad,
        PadBottom = height == 1 ? 0 : pad,
        PadRight = pad,
    };
}
