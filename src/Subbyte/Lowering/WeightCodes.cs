namespace Subbyte.Lowering;

/// <summary>
/// The weight slot of a layer: each weight as an integer code times a scale of its output channel, or as a sum of several such planes.
/// </summary>
public sealed class WeightCodes
{
    /// <summary>Codes of one or several planes.</summary>
    /// <param name="filledBy">Name of the method that made them, for messages.</param>
    /// <param name="planes">The planes; the weight is their sum.</param>
    /// <param name="storageBits">Bits that the codes take in memory, scales and zero points included.</param>
    public WeightCodes(string filledBy, IReadOnlyList<WeightPlane> planes, long storageBits)
    {
        ArgumentOutOfRangeException.ThrowIfZero(planes.Count);
        FilledBy = filledBy;
        Planes = planes;
        StorageBits = storageBits;
    }

    /// <summary>Name of the method that made them.</summary>
    public string FilledBy { get; }

    /// <summary>The planes; one for most methods.</summary>
    public IReadOnlyList<WeightPlane> Planes { get; }

    /// <summary>Bits that the codes take in memory, scales and zero points included.</summary>
    public long StorageBits { get; }

    /// <summary>Whether a row of a plane has several scales.</summary>
    public bool HasGroupScales => Planes.Any(plane => plane.IsGrouped);

    /// <summary>The only plane.</summary>
    /// <exception cref="InvalidOperationException">There are several.</exception>
    public WeightPlane Single => Planes.Count == 1 ? Planes[0] : throw new InvalidOperationException($"{FilledBy} has {Planes.Count} weight planes");
}

/// <summary>One plane of weight codes: <c>ŵ[m,k] = Codes[m,k]·Scales[m]</c>, or with a scale for each run of <see cref="GroupLength"/> consecutive k.</summary>
public sealed class WeightPlane
{
    /// <summary>A plane with one scale for each output channel; the range is that of the codes that occur.</summary>
    /// <param name="codes">Codes [outputs][depth].</param>
    /// <param name="scales">Scale of each output channel [outputs]; finite, not 0.</param>
    /// <param name="bits">Nominal width of a code in bits.</param>
    public WeightPlane(short[] codes, float[] scales, int bits)
        : this(codes, [scales], 0, bits)
    {
    }

    /// <summary>A plane with a scale for each run of k of each output channel.</summary>
    /// <param name="codes">Codes [outputs][depth].</param>
    /// <param name="groupScales">Scales [runs][outputs]; finite, not 0.</param>
    /// <param name="groupLength">Length of a run, the last of a row may be shorter; 0 for one scale a row.</param>
    /// <param name="bits">Nominal width of a code in bits.</param>
    public WeightPlane(short[] codes, float[][] groupScales, int groupLength, int bits)
    {
        Codes = codes;
        GroupScales = groupScales;
        GroupLength = groupLength;
        Bits = bits;
        Range = CodeRange.Of(codes);
    }

    /// <summary>Codes [outputs][depth], k channel-fastest.</summary>
    public short[] Codes { get; }

    /// <summary>Scales [runs][outputs]; one run where each row has one scale.</summary>
    public IReadOnlyList<float[]> GroupScales { get; }

    /// <summary>Consecutive k that share a scale; 0 when whole rows do.</summary>
    public int GroupLength { get; }

    /// <summary>Whether a row has several scales.</summary>
    public bool IsGrouped => GroupLength > 0;

    /// <summary>Scale of each output channel.</summary>
    /// <exception cref="InvalidOperationException">Rows have several scales.</exception>
    public float[] Scales => IsGrouped ? throw new InvalidOperationException($"each row of weights has {GroupScales.Count} scales") : GroupScales[0];

    /// <summary>Nominal width of a code in bits.</summary>
    public int Bits { get; }

    /// <summary>Range of the codes that occur.</summary>
    public CodeRange Range { get; }

    /// <summary>Scale of a weight.</summary>
    /// <param name="output">Output channel.</param>
    /// <param name="k">Position in the row.</param>
    /// <returns>The scale.</returns>
    public float ScaleOf(int output, int k) => GroupScales[IsGrouped ? k / GroupLength : 0][output];

    /// <summary>The plane with the scales of each output channel multiplied by a factor.</summary>
    /// <param name="factors">Factors [outputs].</param>
    /// <returns>The same codes with other scales.</returns>
    public WeightPlane Scaled(double[] factors)
        => new(Codes, [.. GroupScales.Select(scales => scales.Select((scale, m) => (float)(scale * factors[m])).ToArray())], GroupLength, Bits);
}
