using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>Tables of 32 sums of 16 bits, of which the first 27 are those of three activations under all triples of ternary weights: <see cref="TernaryTriples"/> has the indices.</summary>
internal static unsafe class TripleTables
{
    /// <summary>Bytes of a table.</summary>
    public const int Bytes = 64;

    /// <summary>Bytes of the tables of a pixel's group.</summary>
    public const int GroupBytes = TernaryTriples.TriplesOfGroup * Bytes;

    private const int BytesRead = 4;

    private static readonly TripleFactors[] Factors = [.. Enumerable.Range(0, BytesRead).Select(shift => new TripleFactors(shift))];

    /// <summary>
    /// Writes the tables of neighbouring pixels, [group][pixel][triple]; with a stride, the pixels that are multiples of it come first, then those one after them and so on,
    /// each of these parts with the same room.
    /// </summary>
    /// <param name="line">The pixels.</param>
    /// <param name="group">First group.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="tables">Takes the tables.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(ref TripleLine line, int group, int groups, byte* tables)
    {
        for (var end = group + groups; group < end; group++)
        {
            for (var first = 0; first < line.Stride; first++, tables += line.Slots * GroupBytes)
            {
                var triple = group * TernaryTriples.TriplesOfGroup;
                if (triple + TernaryTriples.TriplesOfGroup <= line.Triples) WriteGroup(ref line, first, triple, tables);
                else for (var i = triple; i < line.Triples; i++) WriteTriple(ref line, first, i, tables + ((i - triple) * Bytes));
            }
        }
    }

    /// <summary>A whole group: of its bytes only those of the last triple could lie behind the pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteGroup(ref TripleLine line, int first, int triple, byte* table)
    {
        var channel = triple * TernaryTriples.Channels;
        var factors = Factors[0];
        var last = Locate(ref line, triple + TernaryTriples.TriplesOfGroup - 1, out var lastFactors) - channel;
        Vector512<sbyte> pairs = Vector512.Create(factors.Pairs), lastPairs = Vector512.Create(lastFactors.Pairs);
        Vector512<short> others = Vector512.Create(factors.Others), lastOthers = Vector512.Create(lastFactors.Others);
        nint step = line.Stride * line.PixelBytes, stride = line.Stride;
        var pixel = line.First + (first * line.PixelBytes) + channel;
        for (var left = line.Count - first; left > 0; left -= stride, pixel += step, table += GroupBytes)
        {
            Sums(pixel, pairs, others).Store((short*)table);
            Sums(pixel + TernaryTriples.Channels, pairs, others).Store((short*)(table + Bytes));
            Sums(pixel + last, lastPairs, lastOthers).Store((short*)(table + (2 * Bytes)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteTriple(ref TripleLine line, int first, int triple, byte* table)
    {
        var pixel = line.First + (first * line.PixelBytes) + Locate(ref line, triple, out var factors);
        var pairs = Vector512.Create(factors.Pairs);
        var others = Vector512.Create(factors.Others);
        nint step = line.Stride * line.PixelBytes, stride = line.Stride;
        for (var left = line.Count - first; left > 0; left -= stride, pixel += step, table += GroupBytes) Sums(pixel, pairs, others).Store((short*)table);
    }

    /// <summary>The pair of bytes that stands in each lane of a vector of four bytes by its factors, and what the lanes of the other pair make of theirs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Sums(byte* four, Vector512<sbyte> pairs, Vector512<short> others)
    {
        var sums = Avx512BW.MultiplyAddAdjacent(Vector512.Create(*(uint*)four).AsByte(), pairs);
        return Avx512BW.Add(sums, Avx512BW.PermuteVar32x16(sums, others));
    }

    /// <summary>Where the four bytes lie that are read for a triple, none of them behind the pixel, and their factors.</summary>
    private static nint Locate(ref TripleLine line, int triple, out TripleFactors factors)
    {
        var channel = Math.Min(triple * TernaryTriples.Channels, line.Readable - BytesRead);
        factors = Factors[(triple * TernaryTriples.Channels) - channel];
        return channel;
    }

    /// <summary>What four bytes, three of which are a triple's, are multiplied by.</summary>
    private sealed class TripleFactors
    {
        /// <summary>Takes the place of the triple's first byte; bytes behind the fourth have the weight 0.</summary>
        public TripleFactors(int shift)
        {
            for (var lane = 0; lane < Others.Length; lane++)
            {
                for (var i = 0; i < 2; i++) Pairs[(lane * 2) + i] = Digit(lane, (lane % 2 * 2) + i - shift);
                var other = (lane + 1) % 2;
                while (!SamePair(lane, other, shift)) other += 2;
                Others[lane] = (short)other;
            }
        }

        /// <summary>Factors of the pairs.</summary>
        public sbyte[] Pairs { get; } = new sbyte[Bytes];

        /// <summary>The lane of the other pair whose sum each lane takes in.</summary>
        public short[] Others { get; } = new short[Bytes / sizeof(short)];

        /// <summary>Whether a lane has the factors that another one needs of that lane's pair. All combinations of two digits occur in odd and in even lanes.</summary>
        private static bool SamePair(int lane, int other, int shift)
        {
            var at = (other % 2 * 2) - shift;
            return Digit(lane, at) == Digit(other, at) && Digit(lane, at + 1) == Digit(other, at + 1);
        }

        private static sbyte Digit(int index, int at) => at switch
        {
            0 => (sbyte)((index % 3) - 1),
            1 => (sbyte)((index / 3 % 3) - 1),
            2 => (sbyte)((index / 9 % 3) - 1),
            _ => 0,
        };
    }
}
