using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Subbyte.Data.Text;

/// <summary>
/// A text as records of one word id each, labelled with the id that follows. The ids are cut into streams of equal length that are read side by side:
/// record k is step k / streams of stream k mod streams, so that the first records are the beginnings of all streams.
/// </summary>
internal sealed class TokenRecords : RecordStore
{
    private const int Context = 16;

    private readonly int[] _ids;
    private readonly int _streams;
    private readonly int _length;

    /// <summary>Cuts ids into streams; those beyond the last whole one are left out.</summary>
    /// <param name="ids">Word ids, at least two a stream.</param>
    /// <param name="words">Size of the vocabulary.</param>
    /// <param name="streams">Number of streams.</param>
    public TokenRecords(int[] ids, int words, int streams)
        : base(streams * ((ids.Length / streams) - 1), [1], words)
        => (_ids, _streams, _length) = (ids, streams, ids.Length / streams);

    /// <inheritdoc/>
    public override int Streams => _streams;

    /// <inheritdoc/>
    public override int Label(int index) => _ids[Position(index) + 1];

    /// <inheritdoc/>
    public override void Read(int index, Span<float> destination) => destination[0] = _ids[Position(index)];

    /// <inheritdoc/>
    public override void AppendTo(int index, IncrementalHash hash) => Append(_ids[Position(index)], hash);

    /// <summary>All texts share words; they share a place where the words before it (at the beginning, around it) are the same too.</summary>
    /// <inheritdoc/>
    public override void AppendIdentityTo(int index, IncrementalHash hash)
    {
        var (position, length) = (Position(index), Math.Min(Context, _ids.Length));
        var first = Math.Clamp(position - length + 1, 0, _ids.Length - length);
        Append(position - first, hash);
        foreach (var id in _ids.AsSpan(first, length)) Append(id, hash);
    }

    private static void Append(int value, IncrementalHash hash)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }

    private int Position(int index) => (index % _streams * _length) + (index / _streams);
}
