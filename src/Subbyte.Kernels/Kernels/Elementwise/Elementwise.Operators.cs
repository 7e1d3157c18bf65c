using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

public static partial class Elementwise
{
    /// <summary>The clamp of eight values: <c>vmaxps</c> and <c>vminps</c> return their second operand for NaN and for zeros of either sign.</summary>
    /// <param name="x">Values.</param>
    /// <param name="lowest">Lower end.</param>
    /// <param name="highest">Upper end.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Clamp(Vector256<float> x, float lowest, float highest)
        => Avx.Min(Vector256.Create(highest), Avx.Max(Vector256.Create(lowest), x));

    private readonly unsafe struct ClipOperator : IRowOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float One(RowOperands o, nint i) => Clamp(o.X[i], o.Lowest, o.Highest);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Eight(RowOperands o, nint i) => Clamp(Vector256.Load(o.X + i), o.Lowest, o.Highest);
    }

    private readonly unsafe struct AddOperator : IRowOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float One(RowOperands o, nint i) => Clamp(o.X[i] + o.Y[i], o.Lowest, o.Highest);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Eight(RowOperands o, nint i) => Clamp(Vector256.Load(o.X + i) + Vector256.Load(o.Y + i), o.Lowest, o.Highest);
    }

    private readonly unsafe struct AffineOperator : IRowOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float One(RowOperands o, nint i) => Clamp(MathF.FusedMultiplyAdd(o.X[i], o.Y[i], o.Z[i]), o.Lowest, o.Highest);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Eight(RowOperands o, nint i)
            => Clamp(Fma.MultiplyAdd(Vector256.Load(o.X + i), Vector256.Load(o.Y + i), Vector256.Load(o.Z + i)), o.Lowest, o.Highest);
    }
}
