namespace Subbyte.Runtime;

/// <summary>
/// Weights as a file keeps them, whatever kernel multiplies them: codes [output][k] without gaps, the first in the lowest bits of a byte; a weight is
/// <c>lowest + step · code</c>. A code takes 1, 2, 4 or 8 bits, or five ternary digits share a byte.
/// </summary>
internal sealed class StoredWeights
{
    private const int BitsOfByte = 8;
    private const int TritsOfByte = 5;
    private const int LargestTrits = 242;
    private const int Base3 = 3;

    private readonly int _kind;
    private readonly int _lowest;
    private readonly int _step;
    private readonly ReadOnlyMemory<byte> _bytes;

    private StoredWeights(int kind, int lowest, int step, ReadOnlyMemory<byte> bytes) => (_kind, _lowest, _step, _bytes) = (kind, lowest, step, bytes);

    /// <summary>Bytes that they take.</summary>
    public int Length => _bytes.Length;

    /// <summary>Stores weights in the fewest bits that hold them.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="sharesBytes">Whether ternary weights are stored five to a byte, not two bits each.</param>
    /// <returns>The stored weights.</returns>
    public static StoredWeights Of(ReadOnlySpan<sbyte> weights, bool sharesBytes)
    {
        int lowest = sbyte.MaxValue, highest = sbyte.MinValue;
        foreach (var weight in weights) (lowest, highest) = (Math.Min(lowest, weight), Math.Max(highest, weight));
        var (kind, step) = (lowest, highest) switch
        {
            (-1, 1) when weights.IndexOf((sbyte)0) < 0 => (1, 2),
            ( >= -1, <= 1) when sharesBytes => (Base3, 1),
            _ => (highest - lowest) switch { 0 or 1 => (1, 1), <= 3 => (2, 1), <= 15 => (4, 1), _ => (BitsOfByte, 1) },
        };
        if (kind == Base3) lowest = -1;
        var bytes = new byte[Bytes(kind, weights.Length)];
        if (kind == Base3)
        {
            for (var i = weights.Length - 1; i >= 0; i--) bytes[i / TritsOfByte] = (byte)((bytes[i / TritsOfByte] * 3) + weights[i] + 1);
        }
        else
        {
            var codes = BitsOfByte / kind;
            for (var i = 0; i < weights.Length; i++) bytes[i / codes] |= (byte)((weights[i] - lowest) / step << (i % codes * kind));
        }

        return new StoredWeights(kind, lowest, step, bytes);
    }

    /// <summary>Reads stored weights.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="count">Number of weights.</param>
    /// <returns>The stored weights, in the file's memory.</returns>
    public static StoredWeights Read(PackedReader reader, long count)
    {
        var kind = reader.Int32(1, BitsOfByte, "the bits of a weight");
        if (kind is not (1 or 2 or Base3 or 4 or BitsOfByte)) throw reader.Fail($"weights of {kind} bits are not stored; 1, 2, 4 and 8 are, and 3 for five trits a byte");
        var lowest = reader.Int32(sbyte.MinValue, sbyte.MaxValue, "the smallest weight");
        var step = reader.Int32(1, sbyte.MaxValue, "the step of weights");
        return new StoredWeights(kind, lowest, step, reader.BlockMemory(Bytes(kind, count), "weights"));
    }

    /// <summary>Writes them.</summary>
    /// <param name="writer">The writer.</param>
    public void Write(PackedWriter writer)
    {
        writer.Int32(_kind);
        writer.Int32(_lowest);
        writer.Int32(_step);
        writer.Block(_bytes.Span);
    }

    /// <summary>The weights, of a file.</summary>
    /// <param name="reader">The reader, which names the place of what is wrong.</param>
    /// <param name="count">Number of weights.</param>
    /// <returns>A signed byte a weight.</returns>
    /// <exception cref="PackedFormatException">A code is no weight.</exception>
    public sbyte[] Decode(PackedReader reader, long count) => Decode(reader, new sbyte[count]);

    /// <summary>The weights, of a file.</summary>
    /// <param name="reader">The reader, which names the place of what is wrong.</param>
    /// <param name="weights">Takes a signed byte a weight.</param>
    /// <returns>The same array.</returns>
    /// <exception cref="PackedFormatException">A code is no weight.</exception>
    public sbyte[] Decode(PackedReader reader, sbyte[] weights)
    {
        try
        {
            Decode(weights);
            return weights;
        }
        catch (ArgumentException failure)
        {
            throw reader.Fail(failure.Message.Split(" (", 2)[0]);
        }
    }

    /// <summary>The weights.</summary>
    /// <param name="count">Number of weights.</param>
    /// <returns>A signed byte a weight.</returns>
    /// <exception cref="ArgumentException">A code is no weight.</exception>
    public sbyte[] Decode(long count)
    {
        var weights = new sbyte[count];
        Decode(weights);
        return weights;
    }

    private void Decode(sbyte[] weights)
    {
        var bytes = _bytes.Span;
        Span<sbyte> known = stackalloc sbyte[byte.MaxValue + 1];
        var codes = _kind == Base3 ? 3 : 1 << _kind;
        var valid = 0;
        for (; valid < codes && _lowest + (_step * valid) <= sbyte.MaxValue; valid++) known[valid] = (sbyte)(_lowest + (_step * valid));
        var perByte = _kind == Base3 ? TritsOfByte : BitsOfByte / _kind;
        var i = 0;
        foreach (var packed in bytes)
        {
            if (_kind == Base3 && packed > LargestTrits) throw new ArgumentException($"a byte of {packed} is not five trits", nameof(weights));
            int rest = packed;
            for (var end = Math.Min(weights.Length, i + perByte); i < end; i++)
            {
                var code = _kind == Base3 ? rest % 3 : rest & (codes - 1);
                rest = _kind == Base3 ? rest / 3 : rest >> _kind;
                if (code >= valid) throw new ArgumentException($"a weight of {_lowest + (_step * code)} is no signed byte", nameof(weights));
                weights[i] = known[code];
            }
        }
    }

    private static long Bytes(int kind, long count)
    {
        var perByte = kind == Base3 ? TritsOfByte : BitsOfByte / kind;
        return (count + perByte - 1) / perByte;
    }
}
