namespace Subbyte.Kernels;

/// <summary>
/// Weights of two or four bits in panels of 16 outputs, [panel][group][output][4]: a byte holds the codes of as many steps of four <c>k</c> as fit, the first
/// in its lowest bits, each less the smallest weight. The layout does not depend on the instruction set. Immutable; safe to share between threads.
/// </summary>
public sealed class PackedLowBitMatrix
{
    private readonly AlignedBuffer<byte> _panels;
    private TernaryTriples? _triples;
    private int _stepsOfShortSum;

    private PackedLowBitMatrix(int outputs, int depth, int bits, int lowest, int highest)
    {
        (Outputs, Depth, Bits, Lowest, Highest) = (outputs, depth, bits, lowest, highest);
        _panels = new AlignedBuffer<byte>(Length(outputs, depth, bits));
    }

    /// <summary>Number of outputs.</summary>
    public int Outputs { get; }

    /// <summary>Weights of one output.</summary>
    public int Depth { get; }

    /// <summary>Bits of a weight: 2 or 4.</summary>
    public int Bits { get; }

    /// <summary>The smallest weight that is allowed; it is stored as 0.</summary>
    public int Lowest { get; }

    /// <summary>The largest weight that is allowed.</summary>
    public int Highest { get; }

    /// <summary>All panels, in the order in which files keep them.</summary>
    public ReadOnlySpan<byte> Panels => _panels.Span;

    /// <summary>Steps of four <c>k</c> in a byte.</summary>
    internal int StepsOfByte => 8 / Bits;

    /// <summary>Groups of a panel: a cache line each.</summary>
    internal int Groups => GroupsOf(Depth, Bits);

    /// <summary>Largest stored code.</summary>
    internal int LargestCode => Highest - Lowest;

    /// <summary>Largest magnitude of a weight.</summary>
    internal int LargestMagnitude => Math.Max(Math.Abs(Lowest), Math.Abs(Highest));

    /// <summary>
    /// So many steps of four <c>k</c> in a row fit sums of 16 bits with these weights, whatever the activations and wherever they begin: mostly far more than their range proves.
    /// Found when first asked for.
    /// </summary>
    internal int StepsOfShortSum => _stepsOfShortSum > 0 ? _stepsOfShortSum : _stepsOfShortSum = FindStepsOfShortSum();

    /// <summary>Bytes that the panels of a shape take.</summary>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="depth">Weights of one output.</param>
    /// <param name="bits">Bits of a weight.</param>
    /// <returns>The number of bytes.</returns>
    public static int Length(int outputs, int depth, int bits) => checked(Panel.Count(outputs) * GroupsOf(depth, bits) * Panel.Width * PackedInt8Matrix.Step);

    /// <summary>Packs weights.</summary>
    /// <param name="weights">Weights [output][k].</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="depth">Weights of one output.</param>
    /// <param name="bits">2 or 4.</param>
    /// <param name="lowest">The smallest weight.</param>
    /// <param name="highest">The largest weight, at most 2^bits − 1 above the smallest.</param>
    /// <returns>The packed matrix.</returns>
    /// <exception cref="ArgumentException">The weights do not fit.</exception>
    public static PackedLowBitMatrix Pack(ReadOnlySpan<sbyte> weights, int outputs, int depth, int bits, int lowest, int highest)
    {
        Check(outputs, depth, bits, lowest, highest);
        if (weights.Length != (long)outputs * depth) throw new ArgumentException($"{weights.Length} weights are not {outputs} × {depth}", nameof(weights));
        var packed = new PackedLowBitMatrix(outputs, depth, bits, lowest, highest);
        var panels = packed._panels.Span;
        // What fills the last group are zeros: activations behind a row's end may be anything.
        var zeros = 0;
        for (var field = 0; field < 8; field += bits) zeros |= -lowest << field;
        panels.Fill((byte)zeros);
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] < lowest || weights[i] > highest) throw new ArgumentException($"weight {weights[i]} lies outside {lowest} … {highest}", nameof(weights));
            var (output, k) = Math.DivRem(i, depth);
            var (group, field) = Math.DivRem(k / PackedInt8Matrix.Step, packed.StepsOfByte);
            var at = ((((output / Panel.Width * packed.Groups) + group) * Panel.Width) + (output % Panel.Width)) * PackedInt8Matrix.Step;
            panels[at + (k % PackedInt8Matrix.Step)] ^= (byte)(((weights[i] - lowest) ^ -lowest) << (field * bits));
        }

        return packed;
    }

    /// <summary>Takes panels that were packed before, as <see cref="Panels"/> gave them.</summary>
    /// <param name="panels">The bytes.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="depth">Weights of one output.</param>
    /// <param name="bits">2 or 4.</param>
    /// <param name="lowest">The smallest weight.</param>
    /// <param name="highest">The largest weight.</param>
    /// <returns>The packed matrix.</returns>
    /// <exception cref="ArgumentException">The bytes are not those of the shape, or a code lies outside the range.</exception>
    public static PackedLowBitMatrix Of(ReadOnlySpan<byte> panels, int outputs, int depth, int bits, int lowest, int highest)
    {
        Check(outputs, depth, bits, lowest, highest);
        if (panels.Length != Length(outputs, depth, bits)) throw new ArgumentException($"{panels.Length} bytes are not those of {outputs} × {depth} weights of {bits} bits", nameof(panels));
        var mask = (1 << bits) - 1;
        if (mask > highest - lowest)
        {
            // Products are proved exact for codes of the range: no other may come in.
            foreach (var packedByte in panels)
            {
                for (var field = 0; field < 8; field += bits)
                {
                    if (((packedByte >> field) & mask) > highest - lowest) throw new ArgumentException($"a weight lies outside {lowest} … {highest}", nameof(panels));
                }
            }
        }

        var packed = new PackedLowBitMatrix(outputs, depth, bits, lowest, highest);
        panels.CopyTo(packed._panels.Span);
        return packed;
    }

    /// <summary>Copies the stored codes of an output.</summary>
    /// <param name="output">Which.</param>
    /// <param name="codes">Takes <see cref="Depth"/> codes.</param>
    internal void CopyCodes(int output, Span<byte> codes)
    {
        const int step = PackedInt8Matrix.Step;
        var (panel, lane) = Math.DivRem(output, Panel.Width);
        var mask = (1 << Bits) - 1;
        for (var k = 0; k < Depth; k++)
        {
            var (group, within) = Math.DivRem(k, step * StepsOfByte);
            codes[k] = (byte)((Panels[((((panel * Groups) + group) * Panel.Width) + lane) * step + (within % step)] >> (within / step * Bits)) & mask);
        }
    }

    /// <summary>The same weights, which are ternary, for products by table. Made when first asked for, and again only for another kernel.</summary>
    /// <param name="kernelHeight">Rows of the kernel.</param>
    /// <param name="kernelWidth">Columns of the kernel.</param>
    /// <param name="channels">Channels of a pixel without those that fill it up.</param>
    internal TernaryTriples Triples(int kernelHeight, int kernelWidth, int channels)
    {
        var triples = Volatile.Read(ref _triples);
        if (triples is null || triples.KernelHeight != kernelHeight || triples.KernelWidth != kernelWidth || triples.ChannelCount != channels)
            Volatile.Write(ref _triples, triples = new TernaryTriples(this, kernelHeight, kernelWidth, channels));
        return triples;
    }

    /// <summary>A lane adds the products of two neighbouring weights at each step; those above zero and those below may each add up to ⌊32767 / 255⌋.</summary>
    private int FindStepsOfShortSum()
    {
        const int most = short.MaxValue / byte.MaxValue, pair = PackedInt8Matrix.Step / 2;
        var steps = (Depth + PackedInt8Matrix.Step - 1) / PackedInt8Matrix.Step;
        var weights = new int[steps * PackedInt8Matrix.Step];
        var codes = new byte[Depth];
        var fewest = Math.Max(1, steps);
        for (var output = 0; output < Outputs; output++)
        {
            CopyCodes(output, codes);
            for (var k = 0; k < Depth; k++) weights[k] = codes[k] + Lowest;
            for (var lane = 0; lane < PackedInt8Matrix.Step; lane += pair)
            {
                // The window of steps [begin, step] is as long as it can be.
                int above = 0, below = 0;
                for (int step = 0, begin = 0; step < steps; step++)
                {
                    Add(step, lane, 1);
                    for (; above > most || below > most; begin++)
                    {
                        fewest = Math.Min(fewest, step - begin);
                        Add(begin, lane, -1);
                    }
                }

                void Add(int step, int first, int sign)
                {
                    for (var i = 0; i < pair; i++)
                    {
                        var weight = weights[(step * PackedInt8Matrix.Step) + first + i];
                        above += sign * Math.Max(weight, 0);
                        below += sign * Math.Max(-weight, 0);
                    }
                }
            }
        }

        return fewest;
    }

    private static int GroupsOf(int depth, int bits)
    {
        var k = PackedInt8Matrix.Step * (8 / bits);
        return checked(depth + k - 1) / k;
    }

    private static void Check(int outputs, int depth, int bits, int lowest, int highest)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        if (bits is not (2 or 4)) throw new ArgumentException($"weights of {bits} bits are not packed so; 2 and 4 are", nameof(bits));
        if (lowest > 0 || highest < 0 || highest - lowest >= 1 << bits || lowest < -8 || highest > 15)
            throw new ArgumentException($"weights {lowest} … {highest} do not fit {bits} bits", nameof(lowest));
    }
}
