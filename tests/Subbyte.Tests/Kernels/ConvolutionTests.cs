using Subbyte.Kernels;

namespace Subbyte.Tests.Kernels;

[Collection(InstructionSetCollection.Name)]
public sealed class ConvolutionTests
{
    private readonly Random _random = new(10);

    public static TheoryData<int, int, int, int, int, int, int> Shapes => new()
    {
        // height, width, channels, kernel, stride, pad, dilation
        { 5, 6, 3, 3, 1, 1, 1 },
        { 7, 5, 16, 3, 2, 1, 1 },
        { 8, 8, 32, 3, 1, 1, 1 },
        { 6, 7, 40, 3, 2, 0, 1 },
        { 9, 9, 8, 5, 1, 2, 1 },
        { 9, 9, 17, 3, 1, 2, 2 },
        { 4, 4, 24, 1, 1, 0, 1 },
        { 3, 3, 33, 7, 1, 3, 1 },
        { 1, 12, 5, 2, 1, 0, 1 },
        { 2, 2, 70, 3, 1, 3, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Patches_are_the_pixels_under_the_kernel(int height, int width, int channels, int kernel, int stride, int pad, int dilation)
    {
        foreach (var groups in channels % 2 == 0 ? new[] { 1, 2, channels } : [1, channels])
        {
            var g = Geometry(height, width, channels, kernel, stride, pad, dilation, groups);
            CheckPatches(g, Arrays.Bytes(_random, height * width * channels), (byte)77);
            CheckPatches(g, Arrays.Shorts(_random, height * width * channels), (short)-5);
            CheckPatches(g, Arrays.Floats(_random, height * width * channels), 0f);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Depthwise_sums_are_the_same_on_every_instruction_set(int height, int width, int channels, int kernel, int stride, int pad, int dilation)
    {
        var g = Geometry(height, width, channels, kernel, stride, pad, dilation, channels);
        int mapLength = height * width * channels, weightLength = g.KernelHeight * kernel * channels;
        byte[] bytes = Arrays.Bytes(_random, mapLength);
        sbyte[] weights = Arrays.SBytes(_random, weightLength);
        short[] shorts = Arrays.Shorts(_random, mapLength), wideWeights = Arrays.Shorts(_random, weightLength);
        float[] floats = Arrays.Floats(_random, mapLength), floatWeights = Arrays.Floats(_random, weightLength);
        bytes[0] = 255;
        weights[0] = -128;
        InstructionSets.ForEach(set =>
        {
            int[] narrow = new int[g.Positions * channels], wide = new int[g.Positions * channels];
            var real = new float[g.Positions * channels];
            DepthwiseConvolution.Int8(bytes, g, weights, 9, narrow);
            DepthwiseConvolution.Int16(shorts, g, wideWeights, -3, wide);
            DepthwiseConvolution.Float(floats, g, floatWeights, real);
            for (var position = 0; position < g.Positions; position++)
            {
                for (var c = 0; c < channels; c++)
                {
                    int sum = 0, wideSum = 0;
                    var chain = 0f;
                    for (var k = 0; k < g.KernelHeight * kernel; k++)
                    {
                        int pixel = Pixel(g, position, k), w = (k * channels) + c;
                        sum += (pixel < 0 ? 9 : bytes[pixel + c]) * weights[w];
                        wideSum = unchecked(wideSum + ((pixel < 0 ? -3 : shorts[pixel + c]) * wideWeights[w]));
                        if (pixel >= 0) chain = MathF.FusedMultiplyAdd(floats[pixel + c], floatWeights[w], chain);
                    }
                    var at = (position * channels) + c;
                    narrow[at].ShouldBe(sum, $"{set}");
                    wide[at].ShouldBe(wideSum, $"{set}");
                    real[at].ShouldBe(chain, $"{set}");
                }
            }
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Pooling_takes_the_pixels_inside_the_image(int height, int width, int channels, int kernel, int stride, int pad, int dilation)
    {
        var g = Geometry(height, width, channels, kernel, stride, pad, dilation, 1);
        var map = Arrays.Floats(_random, height * width * channels);
        InstructionSets.ForEach(set =>
        {
            float[] max = new float[g.Positions * channels], average = new float[max.Length], whole = new float[max.Length];
            Pooling.Max(map, g, max);
            Pooling.Average(map, g, countPadding: false, average);
            Pooling.Average(map, g, countPadding: true, whole);
            for (var position = 0; position < g.Positions; position++)
            {
                for (var c = 0; c < channels; c++)
                {
                    float largest = float.NegativeInfinity, sum = 0;
                    var count = 0;
                    for (var k = 0; k < g.KernelHeight * kernel; k++)
                    {
                        var pixel = Pixel(g, position, k);
                        if (pixel < 0) continue;
                        largest = MathF.Max(largest, map[pixel + c]);
                        sum += map[pixel + c];
                        count++;
                    }
                    var at = (position * channels) + c;
                    max[at].ShouldBe(largest, $"{set}");
                    average[at].ShouldBe(sum / Math.Max(1, count), $"{set}");
                    whole[at].ShouldBe(sum / (g.KernelHeight * kernel), $"{set}");
                }
            }
        });
    }

    [Fact]
    public void A_global_average_adds_positions_in_order()
    {
        var map = Arrays.Floats(_random, 49 * 21);
        InstructionSets.ForEach(_ =>
        {
            var d = new float[21];
            Pooling.GlobalAverage(map, 49, 21, d);
            d.ShouldBe(Enumerable.Range(0, 21).Select(c => Enumerable.Range(0, 49).Aggregate(0f, (sum, p) => sum + map[(p * 21) + c]) / 49));
        });
    }

    [Fact]
    public void Arguments_that_do_not_fit_the_geometry_are_refused()
    {
        var g = Geometry(4, 4, 3, 3, 1, 1, 1, 1);
        Should.Throw<ArgumentException>(() => Im2Col.Pack(new byte[47], g, 0, 0, 16, (byte)0, new byte[16 * 27], 27));
        Should.Throw<ArgumentException>(() => Im2Col.Pack(new byte[48], g, 0, 0, 17, (byte)0, new byte[17 * 27], 27));
        Should.Throw<ArgumentException>(() => Im2Col.Pack(new byte[48], g, 1, 0, 16, (byte)0, new byte[16 * 27], 27));
        Should.Throw<ArgumentException>(() => Im2Col.Pack(new byte[48], g, 0, 0, 16, (byte)0, new byte[(16 * 27) - 1], 27));
        Should.Throw<ArgumentException>(() => DepthwiseConvolution.Float(new float[48], g, new float[27], new float[48]));
        Should.Throw<ArgumentException>(() => Pooling.Max(new float[48], g, new float[47]));
    }

    private void CheckPatches<T>(ConvolutionGeometry g, T[] map, T padding) where T : unmanaged
    {
        var group = g.Groups - 1;
        int stride = g.Depth + _random.Next(4), first = _random.Next(g.Positions), count = g.Positions - first;
        var rows = new T[count * stride];
        Im2Col.Pack(map, g, group, first, count, padding, rows, stride);
        for (var r = 0; r < count; r++)
        {
            for (var k = 0; k < g.Depth; k++)
            {
                var pixel = Pixel(g, first + r, k / g.ChannelsPerGroup);
                rows[(r * stride) + k].ShouldBe(pixel < 0 ? padding : map[pixel + (group * g.ChannelsPerGroup) + (k % g.ChannelsPerGroup)]);
            }
            rows.AsSpan((r * stride) + g.Depth, stride - g.Depth).ToArray().ShouldAllBe(v => v.Equals(default(T)));
        }
    }

    private static ConvolutionGeometry Geometry(int height, int width, int channels, int kernel, int stride, int pad, int dilation, int groups) => new()
    {
        InHeight = height,
        InWidth = width,
        InChannels = channels,
        OutChannels = channels,
        KernelHeight = Math.Min(kernel, height + (2 * pad)),
        KernelWidth = kernel,
        StrideHeight = stride,
        StrideWidth = stride,
        PadTop = pad,
        PadLeft = pad,
        PadBottom = pad,
        PadRight = pad,
        DilationHeight = dilation,
        DilationWidth = dilation,
        Groups = groups,
    };

    /// <summary>Index of the first channel of the pixel under kernel element <paramref name="k"/>, or −1 outside the image.</summary>
    private static int Pixel(ConvolutionGeometry g, int position, int k)
    {
        var y = (position / g.OutWidth * g.StrideHeight) - g.PadTop + (k / g.KernelWidth * g.DilationHeight);
        var x = (position % g.OutWidth * g.StrideWidth) - g.PadLeft + (k % g.KernelWidth * g.DilationWidth);
        return y >= 0 && y < g.InHeight && x >= 0 && x < g.InWidth ? ((y * g.InWidth) + x) * g.InChannels : -1;
    }
}
