namespace Subbyte.Kernels;

/// <summary>
/// Vectors of 32-bit lanes whose every bit position counts by itself: the carry-save adders of the Harley–Seal population count. A kernel over it is
/// written once for all vector widths.
/// </summary>
/// <typeparam name="TSelf">The vector.</typeparam>
internal unsafe interface IBitVector<TSelf> where TSelf : struct, IBitVector<TSelf>
{
    /// <summary>Lanes of 32 bits.</summary>
    static abstract int Count { get; }

    /// <summary>Loads neighbouring words.</summary>
    static abstract TSelf Load(uint* words);

    /// <summary>One word in every lane.</summary>
    static abstract TSelf Broadcast(void* word);

    /// <summary>Bitwise x AND y.</summary>
    static abstract TSelf And(TSelf x, TSelf y);

    /// <summary>Adds the bits of <paramref name="x"/>; what is carried out of each position comes back.</summary>
    static abstract TSelf HalfAdd(ref TSelf sum, TSelf x);

    /// <summary>Adds the bits of two vectors; what is carried out of each position comes back.</summary>
    static abstract TSelf Add(ref TSelf sum, TSelf x, TSelf y);

    /// <summary>Adds the complements of two vectors.</summary>
    static abstract TSelf AddComplements(ref TSelf sum, TSelf x, TSelf y);

    /// <summary>Adds the differences x XOR w of two pairs.</summary>
    static abstract TSelf AddDifferences(ref TSelf sum, TSelf x, TSelf w, TSelf nextX, TSelf nextW);

    /// <summary>Bitwise x XOR w.</summary>
    static abstract TSelf Xor(TSelf x, TSelf w);

    /// <summary>Bitwise NOT x.</summary>
    static abstract TSelf Complement(TSelf x);

    /// <summary>Positions of <paramref name="mask"/> where two signs agree.</summary>
    static abstract TSelf Agreeing(TSelf mask, TSelf x, TSelf w);

    /// <summary>Adds the population count of each byte to bytes.</summary>
    static abstract TSelf AddCounts(TSelf bytes, TSelf x);

    /// <summary>Bytes x + 2·y.</summary>
    static abstract TSelf AddTwice(TSelf x, TSelf y);

    /// <summary>Writes or adds <c>factor · (Σ low + weight · Σ high) + constant</c> to one 32-bit sum a lane; the Σ runs over the bytes of a lane.</summary>
    static abstract void Accumulate(int* sums, bool continues, TSelf low, TSelf high, int weight, int factor, int constant);
}
