namespace Subbyte.Kernels;

/// <summary>Where a tile of looked-up products leaves its sums.</summary>
/// <param name="C">First sum.</param>
/// <param name="Ld">Sums from one position to the next.</param>
/// <param name="Factor">What a sum is multiplied by.</param>
/// <param name="Constant">What is added then.</param>
/// <param name="Continues">Whether the sums go on from what is there.</param>
internal readonly record struct LookupSums(nint C, nint Ld, int Factor, int Constant, bool Continues);
