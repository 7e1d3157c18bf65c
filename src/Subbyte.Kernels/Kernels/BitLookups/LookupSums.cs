namespace Subbyte.Kernels;

/// <summary>Where a tile of looked-up products leaves its sums.</summary>
internal unsafe struct LookupSums
{
    /// <summary>First sum.</summary>
    public int* C;

    /// <summary>Sums from one position to the next.</summary>
    public nint Ld;

    /// <summary>What a sum is multiplied by.</summary>
    public int Factor;

    /// <summary>What is added then.</summary>
    public int Constant;

    /// <summary>Whether the sums go on from what is there.</summary>
    public bool Continues;
}
