namespace Subbyte.Kernels;

/// <summary>
/// Packed weights as indices into tables; all outputs fill whole blocks. Those of one position: [block][group][outputs of two vectors]; those of kernels three
/// positions wide: [block][kernel row][group][kernel column][outputs of a vector]. Immutable.
/// </summary>
internal sealed class LookupWeights
{
    private readonly AlignedBuffer<byte> _indices;

    private LookupWeights(int bits, int length)
    {
        Bits = bits;
        _indices = new AlignedBuffer<byte>(length);
    }

    /// <summary>Bits of a code.</summary>
    public int Bits { get; }

    /// <summary>The indices.</summary>
    public ReadOnlySpan<byte> Indices => _indices.Span;

    /// <summary>The indices of packed weights.</summary>
    /// <typeparam name="TVector">Vectors of the tables.</typeparam>
    /// <param name="w">The weights.</param>
    /// <returns>The indices.</returns>
    public static LookupWeights Of<TVector>(PackedBitMatrix w) where TVector : struct, ILookupVector<TVector>
    {
        var (columns, vectors) = w.Positions == 1 ? (1, LookupRows<TVector>.Vectors) : (LookupTiles<TVector>.Columns, 1);
        int block = vectors * TVector.Outputs, step = columns * block;
        var codes = new LookupCodes(w.Channels, w.Planes, TVector.Bits);
        var (groups, words) = (codes.Groups, BitPacking.Words(w.Channels) * w.Planes);
        var weights = new LookupWeights(TVector.Bits, checked(w.Outputs * w.Positions * groups));
        var indices = weights._indices.Span;
        for (var output = 0; output < w.Outputs; output++)
        {
            var (begin, place) = (output / block * block, output % block);
            var lane = (begin * w.Positions * groups) + (place / TVector.Outputs * TVector.Outputs) + Lane(place % TVector.Outputs, TVector.Outputs);
            for (var position = 0; position < w.Positions; position++)
            {
                var next = lane + (position / columns * groups * step) + (position % columns * block);
                for (int unit = 0, group = 0; group < groups; unit++)
                {
                    ulong bits = Word(w, output, (position * words) + (2 * unit));
                    if ((2 * unit) + 1 < words) bits |= (ulong)Word(w, output, (position * words) + (2 * unit) + 1) << BitPacking.WordBits;
                    for (var i = 0; i < codes.GroupsOfUnit && group < groups; i++, group++, next += step) indices[next] = (byte)codes.Code(bits, i);
                }
            }
        }

        return weights;
    }

    /// <summary>A word of an output, those of its planes side by side.</summary>
    private static uint Word(PackedBitMatrix w, int output, int word)
        => w.Panels[(((((output / Panel.Width * w.Steps) + (word / w.Planes)) * w.Planes) + (word % w.Planes)) * Panel.Width) + (output % Panel.Width)];

    /// <summary>The byte of an output: widening takes every fourth byte to the same vector.</summary>
    private static int Lane(int output, int outputs)
    {
        var (vector, element) = Math.DivRem(output, outputs / sizeof(uint));
        return (element * sizeof(uint)) + vector;
    }
}
