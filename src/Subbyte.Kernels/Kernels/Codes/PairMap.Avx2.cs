using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class PairMap
{
    /// <summary>Blocks of 32 codes; the result says how many codes that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int MapBlocks256(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> trim, ReadOnlySpan<byte> survivor, Span<byte> d)
    {
        byte* trimSlices = stackalloc byte[ByteTable256.Length], survivorSlices = stackalloc byte[ByteTable256.Length];
        ByteTable256.Prepare(trim, trimSlices);
        ByteTable256.Prepare(survivor, survivorSlices);
        var count = codes.Length / Vector256<byte>.Count * Vector256<byte>.Count;
        fixed (byte* pc = codes, pd = d)
        {
            for (nint i = 0; i < count; i += Vector256<byte>.Count)
            {
                var x = Vector256.Load(pc + i);
                var partner = Avx2.Or(Avx2.ShiftLeftLogical(x.AsInt16(), 8), Avx2.ShiftRightLogical(x.AsInt16(), 8)).AsByte();
                var alone = Avx2.CompareEqual(partner, Vector256<byte>.Zero);
                Avx2.BlendVariable(ByteTable256.Lookup(trimSlices, x), ByteTable256.Lookup(survivorSlices, x), alone).Store(pd + i);
            }
        }
        return count;
    }
}
