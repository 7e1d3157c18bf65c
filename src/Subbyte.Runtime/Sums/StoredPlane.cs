namespace Subbyte.Runtime;

/// <summary>A plane of weights as a file keeps it: in the fewest bits that hold them, or 16 where a byte does not.</summary>
internal sealed class StoredPlane
{
    private const int WideBits = 16;

    private readonly StoredWeights? _bytes;
    private readonly short[] _wide;

    private StoredPlane(StoredWeights? bytes, short[] wide, int bits) => (_bytes, _wide, Bits) = (bytes, wide, bits);

    /// <summary>Bits of a weight as kernels name them: 2, 4, 8 or 16.</summary>
    public int Bits { get; }

    /// <summary>Bytes that the weights take.</summary>
    public int Length => _bytes?.Length ?? (sizeof(short) * _wide.Length);

    /// <summary>Stores weights.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="sharesBytes">Whether ternary weights are stored five to a byte.</param>
    /// <returns>The plane.</returns>
    public static StoredPlane Of(short[] weights, bool sharesBytes)
    {
        var bits = BitsOf(weights);
        return bits == WideBits ? new StoredPlane(null, weights, bits) : new StoredPlane(StoredWeights.Of(Array.ConvertAll(weights, weight => (sbyte)weight), sharesBytes), [], bits);
    }

    /// <summary>Reads a plane.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="count">Number of weights.</param>
    /// <returns>The plane.</returns>
    public static StoredPlane Read(PackedReader reader, long count)
    {
        if (reader.Int32(0, 1, "the width of weights") == 1) return new StoredPlane(null, reader.Block<short>(count, "weights").ToArray(), WideBits);
        var bytes = StoredWeights.Read(reader, count);
        return new StoredPlane(bytes, [], BitsOf(Array.ConvertAll(bytes.Decode(reader, count), weight => (short)weight)));
    }

    /// <summary>Writes the plane.</summary>
    /// <param name="writer">The writer.</param>
    public void Write(PackedWriter writer)
    {
        writer.Int32(_bytes is null ? 1 : 0);
        if (_bytes is null) writer.Block<short>(_wide);
        else _bytes.Write(writer);
    }

    /// <summary>The weights.</summary>
    /// <param name="reader">The reader, which names the place of what is wrong.</param>
    /// <param name="count">Number of weights.</param>
    /// <returns>The weights.</returns>
    public short[] Decode(PackedReader reader, long count) => _bytes is null ? _wide : Array.ConvertAll(_bytes.Decode(reader, count), weight => (short)weight);

    private static int BitsOf(short[] weights)
    {
        int lowest = weights.Min(), highest = weights.Max();
        if (lowest < sbyte.MinValue || highest > sbyte.MaxValue) return WideBits;
        return ProductStep.FitsBits(lowest, highest, 2) ? 2 : ProductStep.FitsBits(lowest, highest, 4) ? 4 : 8;
    }
}
