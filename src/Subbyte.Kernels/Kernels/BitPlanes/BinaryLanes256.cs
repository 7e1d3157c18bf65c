using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>The tiles of <see cref="BinaryLanes512{TFactor}"/> in 256 bits: one row by 32 outputs, which are half of each of a block's four vectors.</summary>
/// <typeparam name="TFactor">1 or 2.</typeparam>
internal readonly unsafe struct BinaryLanes256<TFactor> : ILaneTiles where TFactor : ICount
{
    private const int Word = sizeof(uint) * PackedBitMatrix.OutputsOfBlock;

    /// <inheritdoc/>
    public static int Rows => 1;

    /// <inheritdoc/>
    public static int Outputs => Vector256<byte>.Count;

    /// <inheritdoc/>
    public static int StepsOfTile => BinaryLanes512<TFactor>.StepsOfTile;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows>(ref BitTile t) where TRows : ICount
    {
        Vector256<byte> ones = default, twos = default, fours = default, eights = default, sixteens = default, waiting = default;
        var a = t.A;
        var offsets = t.Offsets;
        var steps = t.Steps;
        var w = (byte*)t.W;
        if ((steps & 1) != 0)
        {
            fours = CarrySave256.AddDifferences(ref ones, ref twos, a + *offsets++, w);
            w += Word;
        }

        for (steps >>= 1; steps > 0; steps--, offsets += 2, w += 2 * Word)
        {
            var carry = CarrySave256.AddDifferences(ref ones, ref twos, a + offsets[0], w);
            carry = CarrySave256.Add(ref fours, carry, CarrySave256.AddDifferences(ref ones, ref twos, a + offsets[1], w + Word));
            if ((steps & 1) == 0) waiting = carry;
            else sixteens = CarrySave256.AddCounts(sixteens, CarrySave256.Add(ref eights, waiting, carry));
        }

        CarrySave256.Store(CarrySave256.Count(ones, twos, fours, eights), sixteens, -TFactor.Value, t.C, t.Continues);
    }
}
