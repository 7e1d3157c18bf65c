namespace Subbyte.Kernels;

/// <summary>
/// Binary (±1) or ternary (−1, 0, +1) weights as bit planes in panels of 16 outputs, [panel][step][plane][output]: a step is 32 neighbouring <c>k</c> of one
/// kernel position, whose channels are padded to whole words. Binary weights have one plane (bit 1 is +1), ternary ones two (not 0; −1).
/// The layout does not depend on the instruction set. Immutable; safe to share between threads.
/// </summary>
public sealed class PackedBitMatrix
{
    private readonly AlignedBuffer<uint> _panels;
    private AlignedBuffer<byte>? _lanes;
    private LookupWeights? _lookups;

    private PackedBitMatrix(int outputs, int positions, int channels, int planes)
    {
        (Outputs, Positions, Channels, Planes) = (outputs, positions, channels, planes);
        Steps = checked(positions * BitPacking.Words(channels));
        _panels = new AlignedBuffer<uint>(Length(outputs, positions, channels, planes));
    }

    /// <summary>Number of outputs.</summary>
    public int Outputs { get; }

    /// <summary>Kernel positions of one output.</summary>
    public int Positions { get; }

    /// <summary>Channels at one kernel position.</summary>
    public int Channels { get; }

    /// <summary>1 for binary weights, 2 for ternary ones.</summary>
    public int Planes { get; }

    /// <summary>Words of all panels, in the order in which files keep them.</summary>
    public ReadOnlySpan<uint> Panels => _panels.Span;

    /// <summary>Steps of <c>k</c>.</summary>
    internal int Steps { get; }

    /// <summary>Outputs of a block of <see cref="Lanes"/>.</summary>
    internal const int OutputsOfBlock = 64;

    /// <summary>Outputs that whole blocks of <see cref="Lanes"/> hold.</summary>
    internal int OutputsInLanes => Outputs / OutputsOfBlock * OutputsOfBlock;

    /// <summary>
    /// The same weights for vectors whose lane is a byte, [block][step][eight k][plane][64 outputs], so that only eight counts have to be added up for an
    /// output in the end. Made when first asked for. Outputs stand in the order in which <see cref="CarrySave512"/> widens them.
    /// </summary>
    internal ReadOnlySpan<byte> Lanes => (_lanes ?? LazyInitializer.EnsureInitialized(ref _lanes, ToLanes)).Span;

    /// <summary>The same weights as indices into tables; kernels three positions wide. Made when first asked for.</summary>
    /// <typeparam name="TVector">Vectors of the tables.</typeparam>
    internal LookupWeights Lookups<TVector>() where TVector : struct, ILookupVector<TVector>
    {
        // Two threads may both make them; they make the same.
        var known = Volatile.Read(ref _lookups);
        if (known?.Bits != TVector.Bits) Volatile.Write(ref _lookups, known = LookupWeights.Of<TVector>(this));
        return known;
    }

    /// <summary>Words that the panels of a shape take.</summary>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="positions">Kernel positions.</param>
    /// <param name="channels">Channels at one position.</param>
    /// <param name="planes">Planes.</param>
    /// <returns>The number of words.</returns>
    public static int Length(int outputs, int positions, int channels, int planes)
        => checked(Panel.Count(outputs) * Panel.Width * positions * BitPacking.Words(channels) * planes);

    /// <summary>Packs codes.</summary>
    /// <param name="codes">Codes [output][position][channel]: ±1 for one plane, −1, 0 and +1 for two.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="positions">Kernel positions.</param>
    /// <param name="channels">Channels at one position.</param>
    /// <param name="planes">1 or 2.</param>
    /// <returns>The packed matrix.</returns>
    /// <exception cref="ArgumentException">The number of codes is not that of the shape.</exception>
    public static PackedBitMatrix Pack(ReadOnlySpan<sbyte> codes, int outputs, int positions, int channels, int planes)
    {
        if (codes.Length != (long)outputs * positions * channels)
            throw new ArgumentException($"{codes.Length} codes are not {outputs} × {positions} × {channels}", nameof(codes));
        var packed = new PackedBitMatrix(outputs, positions, channels, planes);
        var words = BitPacking.Words(channels);
        var panels = packed._panels.Span;
        for (var i = 0; i < codes.Length; i++)
        {
            var (output, rest) = Math.DivRem(i, positions * channels);
            var (position, channel) = Math.DivRem(rest, channels);
            var step = (position * words) + (channel / BitPacking.WordBits);
            var word = (((output / Panel.Width * packed.Steps) + step) * planes * Panel.Width) + (output % Panel.Width);
            var bit = 1u << (channel % BitPacking.WordBits);
            if (planes == 1 ? codes[i] > 0 : codes[i] != 0) panels[word] |= bit;
            if (planes == 2 && codes[i] < 0) panels[word + Panel.Width] |= bit;
        }

        return packed;
    }

    /// <summary>Takes panels that were packed before, as <see cref="Panels"/> gave them.</summary>
    /// <param name="panels">The words.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="positions">Kernel positions.</param>
    /// <param name="channels">Channels at one position.</param>
    /// <param name="planes">1 or 2.</param>
    /// <returns>The packed matrix.</returns>
    /// <exception cref="ArgumentException">The number of words is not that of the shape.</exception>
    public static PackedBitMatrix Of(ReadOnlySpan<uint> panels, int outputs, int positions, int channels, int planes)
    {
        if (planes is not (1 or 2)) throw new ArgumentException($"there are no products of {planes} planes", nameof(planes));
        if (panels.Length != Length(outputs, positions, channels, planes))
            throw new ArgumentException($"{panels.Length} words are not those of {outputs} × {positions} × {channels} codes", nameof(panels));
        var packed = new PackedBitMatrix(outputs, positions, channels, planes);
        panels.CopyTo(packed._panels.Span);
        return packed;
    }

    private AlignedBuffer<byte> ToLanes()
    {
        var lanes = new AlignedBuffer<byte>(checked(OutputsInLanes * Steps * sizeof(uint) * Planes));
        var target = lanes.Span;
        for (var output = 0; output < OutputsInLanes; output++)
        {
            var lane = Lane(output % OutputsOfBlock);
            for (var step = 0; step < Steps; step++)
            {
                for (var plane = 0; plane < Planes; plane++)
                {
                    var word = Panels[((((output / Panel.Width * Steps) + step) * Planes) + plane) * Panel.Width + (output % Panel.Width)];
                    for (var i = 0; i < sizeof(uint); i++, word >>= 8)
                        target[(((((((output / OutputsOfBlock * Steps) + step) * sizeof(uint)) + i) * Planes) + plane) * OutputsOfBlock) + lane] = (byte)word;
                }
            }
        }

        return lanes;
    }

    /// <summary>The byte of an output: unpacking takes the halves of 16 bytes apart, widening their even and odd places.</summary>
    private static int Lane(int output)
    {
        var (vector, element) = (output / Panel.Width, output % Panel.Width);
        return (element / 4 * 16) + (vector / 2 * 8) + (element % 4 * 2) + (vector % 2);
    }
}
