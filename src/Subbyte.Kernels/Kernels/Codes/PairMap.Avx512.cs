using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class PairMap
{
    /// <summary>Blocks of 64 codes; the result says how many codes that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int MapBlocks512(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> trim, ReadOnlySpan<byte> survivor, Span<byte> d)
    {
        var count = codes.Length / Vector512<byte>.Count * Vector512<byte>.Count;
        fixed (byte* pc = codes, pd = d, pt = trim, ps = survivor)
        {
            ByteTable512 trimEntries = new(pt), survivorEntries = new(ps);
            for (nint i = 0; i < count; i += Vector512<byte>.Count)
            {
                var x = Vector512.Load(pc + i);
                var partner = Avx512F.Or(Avx512BW.ShiftLeftLogical(x.AsInt16(), 8), Avx512BW.ShiftRightLogical(x.AsInt16(), 8)).AsByte();
                var alone = Avx512BW.CompareEqual(partner, Vector512<byte>.Zero);
                Avx512BW.BlendVariable(trimEntries.Lookup(x), survivorEntries.Lookup(x), alone).Store(pd + i);
            }
        }
        return count;
    }
}
