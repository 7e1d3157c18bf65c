namespace Subbyte.Kernels;

/// <summary>
/// Ternary weights for products by table: the weights of three neighbouring channels are one of 27 triples, of which a 16-bit lane holds three indices of five bits, nine
/// channels in all, [block][pair of panels][kernel row][group of channels][kernel column][panel][lane]. Lane 2i belongs to output i of a panel of 32, lane 2i + 1 to output
/// 16 + i. Immutable.
/// </summary>
internal sealed class TernaryTriples
{
    /// <summary>Outputs of a panel: a vector of 16-bit sums.</summary>
    public const int Width = 32;

    /// <summary>Outputs of a pair of panels.</summary>
    public const int OutputsOfPair = 2 * Width;

    /// <summary>Channels of a triple.</summary>
    public const int Channels = 3;

    /// <summary>Different triples.</summary>
    public const int Combinations = 27;

    /// <summary>Bits of an index; what stands above them in a lane does not matter to a look-up.</summary>
    public const int IndexBits = 5;

    /// <summary>Indices of a lane.</summary>
    public const int TriplesOfGroup = 3;

    /// <summary>Steps whose sums fit 16 bits whatever the weights and activations.</summary>
    public const int StepsOfShortSum = short.MaxValue / byte.MaxValue / ChannelsOfGroup;

    /// <summary>Channels of a group.</summary>
    public const int ChannelsOfGroup = Channels * TriplesOfGroup;

    /// <summary>Groups of a block of a matrix: their tables stay in the first cache.</summary>
    private const int GroupsOfMatrixBlock = 128;

    /// <summary>Activations of 255 whose sum fits 16 bits beside the 255 that may be left of the sums before.</summary>
    private const int MostUnits = (short.MaxValue - byte.MaxValue) / byte.MaxValue;

    /// <summary>Longer sums would leave 24 bits, which is what their two parts hold.</summary>
    private const int MostDepthOfBlock = 32_000;

    private readonly AlignedBuffer<ushort> _indices;
    private readonly int[][] _segments;

    /// <summary>Takes the weights.</summary>
    /// <param name="w">Ternary weights of the depth kernelHeight · kernelWidth · padded channels.</param>
    /// <param name="kernelHeight">Rows of the kernel.</param>
    /// <param name="kernelWidth">Columns of the kernel.</param>
    /// <param name="channels">Channels of a pixel; of those behind them up to the padded ones, weights are 0.</param>
    public TernaryTriples(PackedLowBitMatrix w, int kernelHeight, int kernelWidth, int channels)
    {
        (Outputs, KernelHeight, KernelWidth, ChannelCount) = (w.Outputs, kernelHeight, kernelWidth, channels);
        GroupsOfBlock = GroupsOfBlockFor(kernelHeight * kernelWidth, channels);
        _indices = new AlignedBuffer<ushort>(checked(Groups * kernelHeight * kernelWidth * Panels * Width));
        _segments = new int[Blocks * Pairs][];
        var codes = new byte[w.Depth];
        int[] positives = new int[Steps(0) * OutputsOfPair], negatives = new int[positives.Length];
        for (var pair = 0; pair < Pairs; pair++)
        {
            for (var block = 0; block < Blocks; block++)
            {
                positives.AsSpan().Clear();
                negatives.AsSpan().Clear();
                for (var output = pair * OutputsOfPair; output < Math.Min(w.Outputs, (pair + 1) * OutputsOfPair); output++)
                {
                    w.CopyCodes(output, codes);
                    Fill(codes, w.Lowest, output, block, positives, negatives);
                }

                _segments[(block * Pairs) + pair] = Segments(positives, negatives, Steps(block));
            }
        }
    }

    /// <summary>Number of outputs.</summary>
    public int Outputs { get; }

    /// <summary>Rows of the kernel.</summary>
    public int KernelHeight { get; }

    /// <summary>Columns of the kernel.</summary>
    public int KernelWidth { get; }

    /// <summary>Channels of a pixel.</summary>
    public int ChannelCount { get; }

    /// <summary>Pairs of panels; the last may have one only.</summary>
    public int Pairs => (Outputs + OutputsOfPair - 1) / OutputsOfPair;

    /// <summary>Triples of a pixel.</summary>
    public int Triples => (ChannelCount + Channels - 1) / Channels;

    /// <summary>Most groups of channels of a block.</summary>
    public int GroupsOfBlock { get; }

    /// <summary>Blocks of groups, one behind the other; a convolution has one.</summary>
    public int Blocks => (Groups + GroupsOfBlock - 1) / GroupsOfBlock;

    /// <summary>All indices.</summary>
    public ReadOnlySpan<ushort> Indices => _indices.Span;

    private int Groups => (ChannelCount + ChannelsOfGroup - 1) / ChannelsOfGroup;

    /// <summary>Panels of 32 outputs.</summary>
    public int Panels => (Outputs + Width - 1) / Width;

    /// <summary>Whether weights can be kept so.</summary>
    /// <param name="w">The weights.</param>
    /// <param name="positions">Kernel positions.</param>
    /// <returns>True for ternary ones.</returns>
    public static bool Fits(PackedLowBitMatrix w, int positions) => w.Lowest >= -1 && w.Highest <= 1 && w.Depth > 0 && (positions == 1 || w.Depth <= MostDepthOfBlock);

    /// <summary>Groups of a block for some kernel.</summary>
    /// <param name="positions">Kernel positions.</param>
    /// <param name="channels">Channels of a pixel.</param>
    public static int GroupsOfBlockFor(int positions, int channels)
    {
        var groups = (channels + ChannelsOfGroup - 1) / ChannelsOfGroup;
        if (positions > 1) return groups;
        var blocks = (groups + GroupsOfMatrixBlock - 1) / GroupsOfMatrixBlock;
        return (groups + blocks - 1) / Math.Max(1, blocks);
    }

    /// <summary>Groups of a block.</summary>
    /// <param name="block">Which.</param>
    public int GroupsOf(int block) => Math.Min(GroupsOfBlock, Groups - (block * GroupsOfBlock));

    /// <summary>Vectors of a panel in a block.</summary>
    /// <param name="block">Which.</param>
    public int Steps(int block) => KernelHeight * KernelWidth * GroupsOf(block);

    /// <summary>Triples of a group.</summary>
    /// <param name="group">Which, of the whole pixel.</param>
    public int TriplesOf(int group) => Math.Min(TriplesOfGroup, Triples - (group * TriplesOfGroup));

    /// <summary>Steps of each part of a sum in which 16 bits cannot overflow with these weights, whatever the activations.</summary>
    /// <param name="block">Which block.</param>
    /// <param name="pair">Which pair of panels.</param>
    public ReadOnlySpan<int> SegmentsOf(int block, int pair) => _segments[(block * Pairs) + pair];

    /// <summary>Where the indices of a pair of panels in a block begin.</summary>
    /// <param name="block">Which block.</param>
    /// <param name="pair">Which pair of panels.</param>
    public nint Offset(int block, int pair) => (((nint)block * GroupsOfBlock * KernelHeight * KernelWidth * Panels) + ((nint)pair * 2 * Steps(block))) * Width;

    private void Fill(ReadOnlySpan<byte> codes, int lowest, int output, int block, int[] positives, int[] negatives)
    {
        var (panel, within) = Math.DivRem(output, Width);
        var panels = Math.Min(2, Panels - (panel / 2 * 2));
        var lane = _indices.Span[((int)Offset(block, panel / 2) + (panel % 2 * Width) + (within % (Width / 2) * 2) + (within / (Width / 2)))..];
        var pixel = codes.Length / (KernelHeight * KernelWidth);
        var step = 0;
        for (var row = 0; row < KernelHeight; row++)
        {
            for (var group = block * GroupsOfBlock; group < (block * GroupsOfBlock) + GroupsOf(block); group++)
            {
                for (var column = 0; column < KernelWidth; column++, step++)
                {
                    var weights = codes.Slice(((row * KernelWidth) + column) * pixel, ChannelCount);
                    int word = 0, factor = 1, up = 0, down = 0;
                    for (var i = 0; i < ChannelsOfGroup; i++, factor *= 3)
                    {
                        if (i % Channels == 0) factor = 1 << (i / Channels * IndexBits);
                        var channel = (group * ChannelsOfGroup) + i;
                        // A missing channel has the weight 0, whose digit is 1.
                        var weight = channel < weights.Length ? weights[channel] + lowest : 0;
                        word += (weight + 1) * factor;
                        if (weight > 0) up++;
                        else if (weight < 0) down++;
                    }

                    lane[step * panels * Width] = (ushort)word;
                    positives[(step * OutputsOfPair) + (output % OutputsOfPair)] = up;
                    negatives[(step * OutputsOfPair) + (output % OutputsOfPair)] = down;
                }
            }
        }
    }

    /// <summary>Steps until an output has more weights of one sign than fit, again and again.</summary>
    private static int[] Segments(int[] positives, int[] negatives, int steps)
    {
        var segments = new List<int>();
        int[] up = new int[OutputsOfPair], down = new int[OutputsOfPair];
        var begin = 0;
        for (var step = 0; step < steps; step++)
        {
            ReadOnlySpan<int> more = positives.AsSpan(step * OutputsOfPair, OutputsOfPair), less = negatives.AsSpan(step * OutputsOfPair, OutputsOfPair);
            var fits = true;
            for (var output = 0; output < OutputsOfPair; output++)
            {
                up[output] += more[output];
                down[output] += less[output];
                fits &= up[output] <= MostUnits && down[output] <= MostUnits;
            }

            if (fits) continue;
            segments.Add(step - begin);
            begin = step;
            more.CopyTo(up);
            less.CopyTo(down);
        }

        segments.Add(steps - begin);
        return [.. segments];
    }
}
