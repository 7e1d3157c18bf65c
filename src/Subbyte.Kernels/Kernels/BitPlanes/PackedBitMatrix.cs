namespace Subbyte.Kernels;

/// <summary>
/// Binary (±1) or ternary (−1, 0, +1) weights as bit planes in panels of 16 outputs, [panel][step][plane][output]: a step is 32 neighbouring <c>k</c> of one
/// kernel position, whose channels are padded to whole words. Binary weights have one plane (bit 1 is +1), ternary ones two (not 0; −1).
/// The layout does not depend on the instruction set. Immutable; safe to share between threads.
/// </summary>
public sealed class PackedBitMatrix
{
    private readonly AlignedBuffer<uint> _panels;

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
}
