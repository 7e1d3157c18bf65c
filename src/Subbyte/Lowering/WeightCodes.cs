namespace Subbyte.Lowering;

/// <summary>
/// The weight slot of a layer: each weight as an integer code times its output channel's scale, or as a sum of several such planes.
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

    /// <summary>The only plane.</summary>
    /// <exception cref="InvalidOperationException">There are several.</exception>
    public WeightPlane Single => Planes.Count == 1 ? Planes[0] : throw new InvalidOperationException($"{FilledBy} has {Planes.Count} weight planes");
}

/// <summary>One plane of weight codes: <c>ŵ[m,k] = Codes[m,k]·Scales[m]</c>.</summary>
public sealed class WeightPlane
{
    /// <summary>A plane; the range is that of the codes that occur.</summary>
    /// <param name="codes">Codes [outputs][depth].</param>
    /// <param name="scales">Scale of each output channel [outputs]; finite, not 0.</param>
    /// <param name="bits">Nominal width of a code in bits.</param>
    public WeightPlane(short[] codes, float[] scales, int bits)
    {
        Codes = codes;
        Scales = scales;
        Bits = bits;
        Range = CodeRange.Of(codes);
    }

    /// <summary>Codes [outputs][depth], k channel-fastest.</summary>
    public short[] Codes { get; }

    /// <summary>Scale of each output channel.</summary>
    public float[] Scales { get; }

    /// <summary>Nominal width of a code in bits.</summary>
    public int Bits { get; }

    /// <summary>Range of the codes that occur.</summary>
    public CodeRange Range { get; }
}
