using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Subbyte.Training;

/// <summary>
/// A training as a file: a magic number, the position as JSON, the arrays as little-endian floats, and the SHA-256 of all that. A file that is damaged in
/// any place is refused.
/// </summary>
internal static class Checkpoint
{
    private const int LargestJson = 1 << 28;
    private static readonly byte[] Magic = "SUBBYTE-CHECKPOINT-1\n"u8.ToArray();

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="stream">Receives it.</param>
    /// <param name="position">Where the training stands.</param>
    /// <param name="arrays">Its arrays, in an order that the position tells.</param>
    public static void Write(Stream stream, TrainingPosition position, IEnumerable<float[]> arrays)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var json = JsonSerializer.SerializeToUtf8Bytes(position);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        Put(Magic);
        Put(length);
        Put(json);
        foreach (var array in arrays) Put(MemoryMarshal.AsBytes<float>(array));
        stream.Write(hash.GetHashAndReset());

        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            stream.Write(bytes);
        }
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="arrays">Gives the arrays to fill, once the position is known.</param>
    /// <returns>The position.</returns>
    /// <exception cref="UserErrorException">The file is damaged or of another training.</exception>
    public static TrainingPosition Read(Stream stream, Func<TrainingPosition, IEnumerable<float[]>> arrays)
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            if (!Take(new byte[Magic.Length]).AsSpan().SequenceEqual(Magic)) throw Damaged("it does not begin as a checkpoint");
            var length = BinaryPrimitives.ReadInt32LittleEndian(Take(new byte[sizeof(int)]));
            if (length is < 0 or > LargestJson || length > stream.Length - stream.Position) throw Damaged("its header is damaged");
            var position = JsonSerializer.Deserialize<TrainingPosition>(Take(new byte[length])) ?? throw Damaged("its header is empty");
            foreach (var array in arrays(position)) Fill(MemoryMarshal.AsBytes(array.AsSpan()));
            var expected = hash.GetHashAndReset();
            var stored = new byte[expected.Length];
            stream.ReadExactly(stored);
            return stored.AsSpan().SequenceEqual(expected) && stream.ReadByte() < 0 ? position : throw Damaged("its checksum is wrong");

            byte[] Take(byte[] bytes)
            {
                Fill(bytes);
                return bytes;
            }

            void Fill(Span<byte> bytes)
            {
                stream.ReadExactly(bytes);
                hash.AppendData(bytes);
            }
        }
        catch (Exception failure) when (failure is EndOfStreamException or JsonException)
        {
            throw Damaged("it ends too early or its header is damaged");
        }
    }

    private static UserErrorException Damaged(string why) => new($"the checkpoint cannot be used: {why}; delete it to start anew");
}
