using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

/// <summary>
/// That the gradients are right is shown by the training tests; here each kernel is held to its adjoint, and its vector forms to its scalar one.
/// </summary>
[Collection(InstructionSetCollection.Name)]
public sealed class GradientKernelTests
{
    public static TheoryData<ConvolutionGeometry> Geometries =>
    [
        new() { InHeight = 5, InWidth = 6, InChannels = 3, OutChannels = 4, KernelHeight = 3, KernelWidth = 3, PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 },
        new() { InHeight = 7, InWidth = 4, InChannels = 17, OutChannels = 17, KernelHeight = 2, KernelWidth = 3, StrideHeight = 2, StrideWidth = 2, PadLeft = 2, Groups = 17 },
        new() { InHeight = 6, InWidth = 7, InChannels = 4, OutChannels = 2, KernelHeight = 3, KernelWidth = 3, DilationHeight = 2, DilationWidth = 2, PadTop = 2, PadRight = 2, Groups = 2 },
        new() { InHeight = 4, InWidth = 5, InChannels = 24, OutChannels = 24, KernelHeight = 3, KernelWidth = 3, PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1, Groups = 24 },
    ];

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Col2ImIsTheAdjointOfIm2Col(ConvolutionGeometry g)
    {
        var random = new Random(1);
        var map = Arrays.Floats(random, g.InHeight * g.InWidth * g.InChannels);
        var rows = Arrays.Floats(random, g.Positions * g.Depth);
        for (var group = 0; group < g.Groups; group++)
        {
            var patches = new float[rows.Length];
            Im2Col.Pack<float>(map, g, group, 0, g.Positions, 0f, patches, g.Depth);
            var spread = new float[map.Length];
            // In two runs, to see that positions are counted on.
            Col2Im.Add(rows, g.Depth, g, group, 0, 2, spread);
            Col2Im.Add(rows.AsSpan(2 * g.Depth), g.Depth, g, group, 2, g.Positions - 2, spread);
            Dot(patches, rows).ShouldBe(Dot(map, spread), 1e-4);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(37)]
    public void EveryInstructionSetGivesTheSameSlopes(int channels)
    {
        AssertSame(random =>
        {
            var (x, dy, slopes) = (Arrays.Floats(random, 6 * channels), Arrays.Floats(random, 6 * channels), Arrays.Floats(random, channels));
            var results = new float[4 * x.Length];
            ChannelSlopes.Run(x, slopes, results.AsSpan(0, x.Length));
            ChannelSlopes.SlopeProducts(x, dy, results.AsSpan(x.Length, x.Length));
            ChannelSlopes.InputGradient(x, slopes, dy, accumulate: false, results.AsSpan(2 * x.Length, x.Length));
            dy.CopyTo(results, 3 * x.Length);
            ChannelSlopes.InputGradient(x, slopes, dy, accumulate: true, results.AsSpan(3 * x.Length, x.Length));
            for (var i = 0; i < x.Length; i++) results[i].ShouldBe(x[i] < 0 ? x[i] * slopes[i % channels] : x[i]);
            return results;
        });
        Should.Throw<ArgumentException>(() => ChannelSlopes.Run(new float[channels + 1], new float[channels + 2], new float[channels + 1]));
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void EveryInstructionSetGivesTheSameWindowGradients(ConvolutionGeometry g)
    {
        var length = g.InHeight * g.InWidth * g.InChannels;
        AssertSame(random =>
        {
            var map = Arrays.Floats(random, length);
            var spread = new float[4 * length];
            Col2Im.Add(Arrays.Floats(random, g.Positions * g.Depth), g.Depth, g, g.Groups - 1, 0, g.Positions, spread.AsSpan(0, length));
            var pooled = new float[g.Positions * g.InChannels];
            Pooling.Max(map, g, pooled);
            PoolingGradient.Max(map, pooled, Arrays.Floats(random, pooled.Length), g, accumulate: random.Next(2) == 0, spread.AsSpan(length, length));
            PoolingGradient.Average(Arrays.Floats(random, pooled.Length), g, countPadding: false, spread.AsSpan(2 * length, length));
            PoolingGradient.GlobalAverage(Arrays.Floats(random, g.InChannels), g.InHeight * g.InWidth, spread.AsSpan(3 * length, length));
            return spread;
        });
        if (!g.IsDepthwise) return;
        AssertSame(random =>
        {
            var gradients = new float[length + g.OutChannels * g.Depth];
            var outputGradient = Arrays.Floats(random, g.Positions * g.OutChannels);
            DepthwiseGradient.Input(outputGradient, g, Arrays.Floats(random, g.OutChannels * g.Depth), gradients.AsSpan(0, length));
            DepthwiseGradient.Weights(Arrays.Floats(random, length), outputGradient, g, gradients.AsSpan(length));
            return gradients;
        });
    }

    [Fact]
    public void EveryInstructionSetGivesTheSameElementwiseGradients()
    {
        for (var channels = 1; channels <= 35; channels += 2)
        {
            var length = 9 * channels;
            foreach (var accumulate in new[] { false, true })
            {
                AssertSame(random =>
                {
                    var results = Arrays.Floats(random, 3 * length);
                    ElementwiseGradient.Clip(Arrays.Floats(random, length), 0, 0.5f, Arrays.Floats(random, length), accumulate, results.AsSpan(0, length));
                    ElementwiseGradient.Identity(Arrays.Floats(random, length), accumulate, results.AsSpan(length, length));
                    float[] Vector() => Arrays.Floats(random, channels);
                    ElementwiseGradient.Normalization(Arrays.Floats(random, length), Arrays.Floats(random, length), Vector(), Vector(), Vector(), Vector(), accumulate, results.AsSpan(2 * length, length));
                    return results;
                });
            }
        }
    }

    [Fact]
    public void EveryInstructionSetGivesTheSameSumsPerChannel()
    {
        for (var channels = 1; channels <= 35; channels += 2)
        {
            for (var positions = 0; positions <= 9; positions++)
            {
                AssertSame(random =>
                {
                    var (x, y, mean) = (Arrays.Floats(random, positions * channels), Arrays.Floats(random, positions * channels), Arrays.Floats(random, channels));
                    var sums = new float[3 * channels];
                    ChannelSums.Sum(x, sums.AsSpan(0, channels));
                    ChannelSums.SquaredDeviations(x, mean, sums.AsSpan(channels, channels));
                    ChannelSums.DeviationProducts(x, mean, y, sums.AsSpan(2 * channels, channels));
                    for (var c = 0; c < channels; c++)
                    {
                        int[] indices = [.. Enumerable.Range(0, positions).Select(position => (position * channels) + c)];
                        sums[c].ShouldBe(indices.Sum(i => x[i]), 1e-5f);
                        sums[channels + c].ShouldBe(indices.Sum(i => (x[i] - mean[c]) * (x[i] - mean[c])), 1e-4f);
                        sums[(2 * channels) + c].ShouldBe(indices.Sum(i => (x[i] - mean[c]) * y[i]), 1e-4f);
                    }

                    return sums;
                });
            }
        }
    }

    [Fact]
    public void TheFirstOfEqualMaximaTakesTheGradient()
    {
        var g = new ConvolutionGeometry { InHeight = 2, InWidth = 2, InChannels = 1, OutChannels = 1, KernelHeight = 2, KernelWidth = 2 };
        var gradient = new float[4];
        PoolingGradient.Max([1, 3, 3, 3], [3], [0.5f], g, accumulate: true, gradient);
        gradient.ShouldBe([0, 0.5f, 0, 0]);
    }

    [Fact]
    public void TheMaximumOfWindowsSideBySideSpreadsTheSameWayWrittenOrAdded()
    {
        foreach (var (channels, height, width, kernel) in new[] { (1, 4, 4, 2), (6, 5, 7, 2), (3, 6, 7, 3), (8, 2, 2, 1), (11, 4, 9, 2) })
        {
            var g = new ConvolutionGeometry { InHeight = height, InWidth = width, InChannels = channels, OutChannels = channels, KernelHeight = kernel, KernelWidth = kernel, StrideHeight = kernel, StrideWidth = kernel };
            AssertSame(random =>
            {
                // Few values, so that maxima are met more than once.
                float[] map = [.. Enumerable.Range(0, height * width * channels).Select(_ => (float)random.Next(3))];
                var (pooled, gradient) = (new float[g.Positions * channels], Arrays.Floats(random, g.Positions * channels));
                Pooling.Max(map, g, pooled);
                var (written, added) = (Arrays.Floats(random, map.Length), new float[map.Length]);
                PoolingGradient.Max(map, pooled, gradient, g, accumulate: false, written);
                PoolingGradient.Max(map, pooled, gradient, g, accumulate: true, added);
                written.ShouldBe(added);
                for (var position = 0; position < pooled.Length; position++)
                {
                    var (row, column, channel) = (position / channels / g.OutWidth, position / channels % g.OutWidth, position % channels);
                    int[] window = [.. Enumerable.Range(0, kernel * kernel).Select(k => (((((row * kernel) + (k / kernel)) * width) + (column * kernel) + (k % kernel)) * channels) + channel)];
                    pooled[position].ShouldBe(window.Max(pixel => map[pixel]));
                    var first = window.First(pixel => map[pixel] == pooled[position]);
                    foreach (var pixel in window) written[pixel].ShouldBe(pixel == first ? gradient[position] : 0);
                }

                return [.. written, .. pooled];
            });
        }
    }

    [Fact]
    public void OuterProductsAreChainsOverRows()
    {
        foreach (var (rows, columns, outputs) in new[] { (0, 3, 2), (1, 1, 1), (5, 7, 16), (9, 12, 17), (200, 13, 40), (400, 250, 33), (3, 29, 48) })
        {
            AssertSame(random =>
            {
                var (lda, ldw, ldc) = (columns + 2, outputs + 1, outputs + 3);
                var (a, w, c) = (Arrays.Floats(random, (rows * lda) + 1), Arrays.Floats(random, (rows * ldw) + 1), Arrays.Floats(random, columns * ldc));
                var before = c.ToArray();
                var packed = PackedFloatMatrix.Zeros(outputs, rows);
                packed.FillTransposed(w, ldw, outputs, rows);
                OuterProducts.Multiply(a, lda, columns, packed, c, ldc);
                for (var i = 0; i < c.Length; i++)
                {
                    var (column, output) = (i / ldc, i % ldc);
                    if (output < outputs) c[i].ShouldBe(Chain(rows, r => a[(r * lda) + column], r => w[(r * ldw) + output]));
                    else c[i].ShouldBe(before[i]);
                }

                return c;
            });
        }
    }

    [Fact]
    public void GradientsOfWeightsAreChainsOverPatchesInPlace()
    {
        ConvolutionGeometry[] geometries =
        [
            new() { InHeight = 9, InWidth = 8, InChannels = 1, OutChannels = 6, KernelHeight = 5, KernelWidth = 5, PadTop = 2, PadLeft = 2, PadBottom = 2, PadRight = 2 },
            new() { InHeight = 7, InWidth = 6, InChannels = 5, OutChannels = 33, KernelHeight = 3, KernelWidth = 3, StrideHeight = 2, StrideWidth = 2, PadTop = 1, PadLeft = 1 },
            new() { InHeight = 40, InWidth = 20, InChannels = 13, OutChannels = 16, KernelHeight = 2, KernelWidth = 3 },
        ];
        foreach (var g in geometries)
        {
            AssertSame(random =>
            {
                var patches = PatchMap.For(g, elementsOfStep: 1)!;
                var (map, gradient) = (Arrays.Floats(random, g.InHeight * g.InWidth * g.InChannels), Arrays.Floats(random, g.Positions * g.OutChannels));
                var (padded, rows) = (new float[patches.Length], new float[g.Positions * g.Depth]);
                patches.Fill<float>(map, 0, padded);
                Im2Col.Pack<float>(map, g, 0, 0, g.Positions, 0f, rows, g.Depth);
                var packed = PackedFloatMatrix.Zeros(g.OutChannels, g.Positions);
                packed.FillTransposed(gradient, g.OutChannels, g.OutChannels, g.Positions);
                var width = (g.OutChannels + 15) / 16 * 16;
                var sums = Arrays.Floats(random, g.Depth * width);
                OuterProducts.AddPatches(padded, patches, packed, sums, continues: false);
                var once = sums.ToArray();
                OuterProducts.AddPatches(padded, patches, packed, sums, continues: true);
                for (var k = 0; k < g.Depth; k++)
                {
                    for (var m = 0; m < g.OutChannels; m++)
                    {
                        var chain = Chain(g.Positions, p => rows[(p * g.Depth) + k], p => gradient[(p * g.OutChannels) + m]);
                        once[(k * width) + m].ShouldBe(chain);
                        sums[(k * width) + m].ShouldBe(Chain(g.Positions, p => rows[(p * g.Depth) + k], p => gradient[(p * g.OutChannels) + m], chain));
                    }
                }

                return sums;
            });
        }
    }

    [Fact]
    public void TransposingAndPackingTransposedMatchTheirDefinition()
    {
        InstructionSets.ForEach(_ =>
        {
            var random = new Random(2);
            var room = PackedFloatMatrix.Zeros(40, 40);
            foreach (var (rows, columns) in new[] { (1, 1), (3, 5), (4, 4), (8, 12), (9, 17), (17, 33), (0, 3), (40, 40), (2, 2) })
            {
                var stride = columns + 3;
                var source = Arrays.Floats(random, (rows * stride) + 1);
                var transposed = new float[columns * rows];
                Transposition.Run(source, stride, rows, columns, transposed, rows);
                for (var i = 0; i < transposed.Length; i++)
                    transposed[i].ShouldBe(source[(i % rows * stride) + (i / rows)]);

                // The same matrix, packed as it is and packed from its transpose, gives the same products.
                room.FillTransposed(source, stride, columns, rows);
                (room.Outputs, room.Depth).ShouldBe((columns, rows));
                var a = Arrays.Floats(random, 2 * rows);
                var (actual, expected) = (new float[2 * columns], new float[2 * columns]);
                FloatGemm.Multiply(a, rows, 2, room, actual, columns);
                FloatGemm.Multiply(a, rows, 2, PackedFloatMatrix.Pack(transposed, columns, rows), expected, columns);
                actual.ShouldBe(expected);
            }
        });
    }

    [Fact]
    public void OperandsThatDoNotFitAreRefused()
    {
        var g = new ConvolutionGeometry { InHeight = 4, InWidth = 4, InChannels = 2, OutChannels = 2, KernelHeight = 3, KernelWidth = 3 };
        Should.Throw<ArgumentException>(() => Col2Im.Add(new float[4 * 18], 18, g, 0, 0, 4, new float[31]));
        Should.Throw<ArgumentException>(() => Col2Im.Add(new float[4 * 18], 18, g, 0, 1, 4, new float[32]));
        Should.Throw<ArgumentException>(() => Col2Im.Add(new float[4 * 17], 17, g, 0, 0, 4, new float[32]));
        Should.Throw<ArgumentException>(() => DepthwiseGradient.Input(new float[8], g, new float[18], new float[32]));
        Should.Throw<ArgumentException>(() => PoolingGradient.Max(new float[32], new float[7], new float[8], g, accumulate: true, new float[32]));
        Should.Throw<ArgumentException>(() => PoolingGradient.GlobalAverage(new float[3], 4, new float[13]));
        Should.Throw<ArgumentException>(() => OuterProducts.Multiply(new float[11], 4, 4, PackedFloatMatrix.Zeros(2, 3), new float[8], 2));
        Should.Throw<ArgumentException>(() => OuterProducts.Multiply(new float[12], 4, 4, PackedFloatMatrix.Zeros(2, 3), new float[7], 2));
        var patches = PatchMap.For(g, elementsOfStep: 1)!;
        Should.Throw<ArgumentException>(() => OuterProducts.AddPatches(new float[32], patches, PackedFloatMatrix.Zeros(2, 3), new float[18 * 16], continues: false));
        Should.Throw<ArgumentException>(() => OuterProducts.AddPatches(new float[32], patches, PackedFloatMatrix.Zeros(2, 4), new float[18 * 15], continues: false));
        Should.Throw<ArgumentException>(() => OuterProducts.AddPatches(new float[31], patches, PackedFloatMatrix.Zeros(2, 4), new float[18 * 16], continues: false));
        Should.Throw<ArgumentException>(() => ChannelSums.Sum(new float[7], new float[3]));
        Should.Throw<ArgumentException>(() => ElementwiseGradient.Identity(new float[3], false, new float[4]));
        Should.Throw<ArgumentException>(() => Transposition.Run(new float[11], 4, 3, 4, new float[12], 3));
        Should.Throw<ArgumentException>(() => Transposition.Run(new float[12], 4, 3, 4, new float[12], 2));
        Should.Throw<ArgumentException>(() => ParameterUpdate.Momentum(new float[3], new float[3], new float[2], 1, 0, 0, false));
        Should.Throw<ArgumentException>(() => PackedFloatMatrix.Zeros(4, 4).FillTransposed(new float[100], 10, 10, 10));
    }

    private static void AssertSame(Func<Random, float[]> compute)
    {
        float[]? scalar = null;
        InstructionSets.ForEach(set =>
        {
            var result = compute(new Random(7));
            scalar ??= result;
            result.ShouldBe(scalar, $"{set}");
        });
    }

    private static float Chain(int terms, Func<int, float> x, Func<int, float> y, float sum = 0)
    {
        for (var i = 0; i < terms; i++) sum = MathF.FusedMultiplyAdd(x(i), y(i), sum);
        return sum;
    }

    private static double Dot(float[] x, float[] y) => x.Zip(y, (a, b) => (double)a * b).Sum();
}
