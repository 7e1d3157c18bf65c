using Subbyte.Costs;
using Subbyte.Hardware.Topologies;
using Subbyte.Lowering;

namespace Subbyte.Hardware.Elements;

/// <summary>
/// Layers without data: activations are drawn, half of them zero, the others half of a Gaussian whose third standard deviation is the largest
/// value; so are the weights where only shapes are known. The same seed draws the same values.
/// </summary>
public static class DrawnLayer
{
    private const long MostWeights = 1 << 28;
    private const int RowBlock = 1024;

    /// <summary>A layer of a topology with drawn weights.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="index">Its position in the network.</param>
    /// <param name="isLast">Whether it is the network's last.</param>
    /// <param name="seed">Seed.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="UserErrorException">The layer is too large to be drawn.</exception>
    public static DotProductLayer Of(TopologyLayer layer, int index, bool isLast, int seed)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var shape = layer.Shape;
        if (layer.Weights > MostWeights || shape.Positions > int.MaxValue / 2 || shape.Positions * shape.Depth > 1L << 40)
            throw new UserErrorException($"layer '{layer.Name}' has {layer.Weights} weights and {shape.Positions} positions: too many to draw values for; leave --method out");
        var random = new Random(unchecked((seed * 1_000_003) + index));
        var weights = new float[layer.Weights];
        for (var i = 0; i < weights.Length; i++) weights[i] = (float)Gaussian(random);
        return new DotProductLayer
        {
            Name = layer.Name,
            Index = index,
            Kind = LayerKind.Convolution,
            Positions = (int)shape.Positions,
            Outputs = (int)shape.Filters,
            Depth = (int)shape.Depth,
            KernelHeight = layer.KernelHeight,
            KernelWidth = layer.KernelWidth,
            Weights = weights,
            Bias = new float[shape.Filters],
            IsEnd = index == 0 || isLast,
            Input = new DrawnStatistics((int)(shape.Depth / layer.KernelHeight / layer.KernelWidth)),
        };
    }

    /// <summary>A layer of a network, to be calibrated with drawn values.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The layer with statistics of drawn values.</returns>
    public static DotProductLayer Of(DotProductLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return new DotProductLayer
        {
            Name = layer.Name,
            Index = layer.Index,
            Kind = layer.Kind,
            Positions = layer.Positions,
            Outputs = layer.Outputs,
            Depth = layer.Depth,
            Groups = layer.Groups,
            KernelHeight = layer.KernelHeight,
            KernelWidth = layer.KernelWidth,
            Weights = layer.Weights,
            Bias = layer.Bias,
            IsEnd = layer.IsEnd,
            Input = new DrawnStatistics(layer.ChannelsPerGroup * layer.Groups),
        };
    }

    /// <summary>Drawn patch rows of a layer's first group.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">Quantizer of its activations.</param>
    /// <param name="seed">Seed.</param>
    /// <returns>Base codes [positions][depth].</returns>
    public static short[] Rows(DotProductLayer layer, IActivationQuantizer input, int seed)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(input);
        var rows = new short[checked(layer.Positions * layer.Depth)];
        var state = FirstState(layer, seed);
        Draw(rows, CodesOf(input), ref state);
        return rows;
    }

    /// <summary>Counts a layer's cost on one sample of drawn activations.</summary>
    /// <param name="lowered">The layer.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>The cost.</returns>
    public static LayerCost Count(LoweredLayer lowered, int seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(lowered);
        var counter = lowered.Cost.Start();
        if (!lowered.Cost.NeedsRows || lowered.Input is not { } input) return counter.Count(0);
        var layer = lowered.Layer;
        var codes = CodesOf(input);
        var state = FirstState(layer, seed);
        var rows = new short[checked(Math.Min(RowBlock, layer.Positions) * layer.Depth)];
        for (var group = 0; group < layer.Groups; group++)
        {
            for (var first = 0; first < layer.Positions; first += RowBlock)
            {
                cancellation.ThrowIfCancellationRequested();
                var block = rows.AsSpan(0, Math.Min(RowBlock, layer.Positions - first) * layer.Depth);
                Draw(block, codes, ref state);
                counter.Observe(block, group);
            }
        }

        return counter.Count(1);
    }

    private static ulong FirstState(DotProductLayer layer, int seed) => ((ulong)(uint)seed << 32) | ((uint)layer.Index << 1) | 1;

    private static void Draw(Span<short> rows, ReadOnlySpan<short> codes, ref ulong state)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            // Xorshift: the values need no more than to look drawn, and there are tens of millions of them.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            rows[i] = codes[(int)(state >> 48)];
        }
    }

    private static short[] CodesOf(IActivationQuantizer input)
    {
        var random = new Random(1);
        var values = new float[1 << 16];
        for (var i = 0; i < values.Length; i++) values[i] = i % 2 == 0 ? 0 : (float)Math.Min(DrawnStatistics.Largest, Math.Abs(Gaussian(random)));
        var codes = new short[values.Length];
        input.Encode(values, codes);
        return codes;
    }

    private static double Gaussian(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
