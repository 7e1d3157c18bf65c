using System.Numerics;

namespace Subbyte.Kernels;

/// <summary>Products of every code of activations with every code of weights, for the vectors of <typeparamref name="TVector"/>.</summary>
/// <typeparam name="TVector">The vectors.</typeparam>
internal static class LookupTable<TVector> where TVector : struct, ILookupVector<TVector>
{
    // Positions where the bits of two binary codes differ, [activations][weights], a table as often as it takes to fill a vector.
    private static readonly AlignedBuffer<byte> Differences = Fill((x, w) => BitOperations.PopCount((uint)(x ^ w)));

    // Dot products of two ternary codes plus their length, so that none is negative.
    private static readonly AlignedBuffer<byte> Products = Fill(Dot);

    /// <summary>Most groups whose 16-bit sum is multiplied as a signed one.</summary>
    public static int MostGroups => short.MaxValue / TVector.Bits;

    private static int Entries => 1 << TVector.Bits;

    /// <summary>The tables of a product.</summary>
    public static ReadOnlySpan<byte> Of(BitProduct product) => (product == BitProduct.Ternary ? Products : Differences).Span;

    /// <summary>What sums of table entries are multiplied by.</summary>
    public static int Factor(BitProduct product) => product switch { BitProduct.ZeroOne => -1, BitProduct.Signs => -2, _ => 1 };

    /// <summary>What is added then, for a number of entries.</summary>
    public static int Constant(BitProduct product, int lookups) => product == BitProduct.Ternary ? -TVector.Bits / 2 * lookups : 0;

    private static AlignedBuffer<byte> Fill(Func<int, int, int> product)
    {
        var table = new AlignedBuffer<byte>(Entries * TVector.Outputs);
        for (var i = 0; i < table.Length; i++) table.Span[i] = (byte)product(i / TVector.Outputs, i % TVector.Outputs % Entries);
        return table;
    }

    /// <summary>The low half of a ternary code says where a value is not 0, the high half where it is −1.</summary>
    private static int Dot(int x, int w)
    {
        var half = TVector.Bits / 2;
        var both = x & w & ((1 << half) - 1);
        return half + BitOperations.PopCount((uint)both) - (2 * BitOperations.PopCount((uint)(both & ((x ^ w) >> half))));
    }
}
