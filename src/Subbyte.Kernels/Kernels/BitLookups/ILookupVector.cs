namespace Subbyte.Kernels;

/// <summary>
/// Vectors whose lane is the byte of an output, and whose shuffle looks products up: a code is some neighbouring bits of a pixel or of an output's weights, and
/// the table of one code of the activations holds its product with every code of the weights. A kernel over it is written once for all vector widths.
/// </summary>
/// <typeparam name="TSelf">The vector.</typeparam>
internal unsafe interface ILookupVector<TSelf> where TSelf : struct, ILookupVector<TSelf>
{
    /// <summary>Bits of a code: a table has 2 to this power entries, of which none is greater than this.</summary>
    static abstract int Bits { get; }

    /// <summary>Lanes.</summary>
    static abstract int Outputs { get; }

    /// <summary>Most positions of a register tile.</summary>
    static abstract int Positions { get; }

    /// <summary>Pixels whose codes are made at once.</summary>
    static abstract int Pixels { get; }

    /// <summary>Loads neighbouring bytes.</summary>
    static abstract TSelf Load(byte* bytes);

    /// <summary>Writes neighbouring bytes.</summary>
    static abstract void Save(TSelf vector, byte* bytes);

    /// <summary>Adds what a table holds for each index.</summary>
    static abstract TSelf AddLookups(TSelf counts, TSelf table, TSelf indices);

    /// <summary>Adds counts to 16-bit sums: those of even lanes, and those of odd ones.</summary>
    static abstract void Widen(TSelf counts, ref TSelf even, ref TSelf odd);

    /// <summary>Writes or adds <c>factor · sum + constant</c> of 16-bit sums, which are below 32,768.</summary>
    static abstract void Store(TSelf even, TSelf odd, int factor, int constant, int* c, bool continues);

    /// <summary>Writes where the tables of the codes of one unit begin, in bytes, for <see cref="Pixels"/> pixels.</summary>
    /// <param name="unit">Where the unit's words lie.</param>
    /// <param name="groups">Groups of the unit.</param>
    /// <param name="offsets">Takes the offsets of the first group.</param>
    /// <param name="pitch">Offsets from one group to the next.</param>
    static abstract void Encode(in LookupUnit unit, int groups, ushort* offsets, nint pitch);
}
