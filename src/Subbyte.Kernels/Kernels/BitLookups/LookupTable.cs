using System.Numerics;

namespace Subbyte.Kernels;

/// <summary>Products of every code of activations with every code of weights, for the vectors of <typeparamref name="TVector"/>.</summary>
/// <typeparam name="TVector">The vectors.</typeparam>
internal static class LookupTable<TVector> where TVector : struct, ILookupVector<TVector>
{
    /// <summary>Positions where the bits of two binary codes differ, [activations][weights], a table as often as it takes to fill a vector.</summary>
    public static readonly AlignedBuffer<byte> Differences = Fill((x, w) => BitOperations.PopCount((uint)(x ^ w)));

    /// <summary>Dot products of two ternary codes plus their length, so that none is negative.</summary>
    public static readonly AlignedBuffer<byte> Products = Fill(Dot);

    private static int Entries => 1 << TVector.Bits;

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
