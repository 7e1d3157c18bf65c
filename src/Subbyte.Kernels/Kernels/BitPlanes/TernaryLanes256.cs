using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>The tiles of <see cref="TernaryLanes512"/> in 256 bits: one row by 32 outputs.</summary>
internal readonly unsafe struct TernaryLanes256 : ILaneTiles
{
    private const int Word = 2 * sizeof(uint) * PackedBitMatrix.OutputsOfBlock;

    /// <inheritdoc/>
    public static int Rows => 1;

    /// <inheritdoc/>
    public static int Outputs => Vector256<byte>.Count;

    // Counts of weight sixteen and 32, up to eight each in four steps, must fit a byte.
    /// <inheritdoc/>
    public static int StepsOfTile => 120;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows>(ref BitTile t) where TRows : ICount
    {
        // Counters of weights 1, 2, 4, 8 and, in bytes, 16 and 32.
        Vector256<byte> ones = default, twos = default, fours = default, eights = default, sixteens = default, highest = default;
        var a = t.A;
        var offsets = t.Offsets;
        var steps = t.Steps;
        var w = (byte*)t.W;
        if ((steps & 1) != 0)
        {
            Single(ref ones, ref twos, ref fours, ref eights, a + *offsets++, w);
            w += Word;
        }

        // Carries of weight 8 and 16 wait for the next ones.
        Vector256<byte> waiting = default, waitingCarry = default;
        for (steps >>= 1; steps > 0; steps--, offsets += 2, w += 2 * Word)
        {
            var carry = Two(ref ones, ref twos, ref fours, ref eights, a + offsets[0], a + offsets[1], w, out var rest);
            if ((steps & 1) == 0) (waiting, waitingCarry) = (rest, carry);
            else Overflow(ref eights, ref sixteens, ref highest, waiting, rest, waitingCarry, carry);
        }

        CarrySave256.Store(CarrySave256.Count(ones, twos, fours, eights), sixteens, highest, -BitPacking.WordBits * (int)t.Steps, t.C, t.Continues);
    }

    /// <summary>The first word: its carries find empty counters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Single(ref Vector256<byte> ones, ref Vector256<byte> twos, ref Vector256<byte> fours, ref Vector256<byte> eights, byte* x, byte* w)
    {
        fours = CarrySave256.AddProducts(ref ones, ref twos, x, w, out var second, out var third);
        eights = CarrySave256.Add(ref fours, second, third);
    }

    /// <summary>Two words; a carry of weight 16 comes back, and one of weight 8 that has not been added yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Two(ref Vector256<byte> ones, ref Vector256<byte> twos, ref Vector256<byte> fours, ref Vector256<byte> eights, byte* x, byte* y, byte* w, out Vector256<byte> rest)
    {
        var first = CarrySave256.AddProducts(ref ones, ref twos, x, w, out var second, out var third);
        var carry = CarrySave256.Add(ref fours, first, second);
        first = CarrySave256.AddProducts(ref ones, ref twos, y, w + Word, out second, out var last);
        rest = CarrySave256.Add(ref fours, third, last);
        return CarrySave256.Add(ref eights, carry, CarrySave256.Add(ref fours, first, second));
    }

    /// <summary>Two carries of weight 8 and two of weight 16 leave the counters of bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Overflow(ref Vector256<byte> eights, ref Vector256<byte> sixteens, ref Vector256<byte> highest, Vector256<byte> x, Vector256<byte> y, Vector256<byte> first, Vector256<byte> second)
    {
        var sum = CarrySave256.Add(ref eights, x, y);
        var carry = CarrySave256.Add(ref sum, first, second);
        sixteens = CarrySave256.AddCounts(sixteens, sum);
        highest = CarrySave256.AddCounts(highest, carry);
    }
}
