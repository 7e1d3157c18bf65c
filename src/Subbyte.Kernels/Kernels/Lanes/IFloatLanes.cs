namespace Subbyte.Kernels;

/// <summary>
/// A vector of floats whose width the JIT knows, so that a kernel is written once and runs on one lane (its contract), four or eight with the
/// same bits. A comparison gives lanes of all ones or all zeros; methods that name 32-bit integers treat the bits of the lanes as such.
/// </summary>
/// <typeparam name="TSelf">The vector.</typeparam>
internal interface IFloatLanes<TSelf> : IProductLanes<TSelf> where TSelf : struct, IFloatLanes<TSelf>
{
    /// <summary>The same 32-bit integer in every lane.</summary>
    static abstract TSelf CreateInt32(int value);

    /// <summary>Sums.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>Differences.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>Products.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>Quotients.</summary>
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>Bits that both have.</summary>
    static abstract TSelf operator &(TSelf a, TSelf b);

    /// <summary>Bits that either has.</summary>
    static abstract TSelf operator |(TSelf a, TSelf b);

    /// <summary>Where <paramref name="a"/> is greater; nowhere for NaN.</summary>
    static abstract TSelf operator >(TSelf a, TSelf b);

    /// <summary>Where <paramref name="a"/> is less; nowhere for NaN.</summary>
    static abstract TSelf operator <(TSelf a, TSelf b);

    /// <summary>Where both are the same number; nowhere for NaN.</summary>
    static abstract TSelf AreEqual(TSelf a, TSelf b);

    /// <summary><paramref name="a"/> where the mask is all ones, <paramref name="b"/> where it is all zeros.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary><c>a &gt; b ? a : b</c>: <paramref name="b"/> if either is NaN or both are zeros.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary><c>a &lt; b ? a : b</c>: <paramref name="b"/> if either is NaN or both are zeros.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>Square roots.</summary>
    static abstract TSelf SquareRoot(TSelf a);

    /// <summary>Rounds to integers towards zero.</summary>
    static abstract TSelf Truncate(TSelf a);

    /// <summary>Sums of 32-bit integers, which wrap.</summary>
    static abstract TSelf AddInt32(TSelf a, TSelf b);

    /// <summary>Differences of 32-bit integers, which wrap.</summary>
    static abstract TSelf SubtractInt32(TSelf a, TSelf b);

    /// <summary>32-bit integers times 2ⁿ.</summary>
    static abstract TSelf ShiftLeft(TSelf a, int count);

    /// <summary>32-bit integers over 2ⁿ, rounded down.</summary>
    static abstract TSelf ShiftRight(TSelf a, int count);

    /// <summary>32-bit integers to the nearest floats.</summary>
    static abstract TSelf FromInt32(TSelf a);

    /// <summary>Numbers of less than 31 bits to the nearest 32-bit integers, ties to even.</summary>
    static abstract TSelf RoundToInt32(TSelf a);
}
