using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

public static partial class Elementwise
{
    /// <summary>The clamp of each lane; see the class for NaN and −0.</summary>
    /// <typeparam name="T">How many at a time.</typeparam>
    /// <param name="x">Values.</param>
    /// <param name="lowest">Lower end.</param>
    /// <param name="highest">Upper end.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Clamp<T>(T x, float lowest, float highest) where T : struct, IFloatLanes<T> => T.Min(T.Create(highest), T.Max(T.Create(lowest), x));

    private readonly unsafe struct ClipOperator : IRowOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(RowOperands o, nint i) where T : struct, IFloatLanes<T> => Clamp(T.Load(o.X + i), o.Lowest, o.Highest);
    }

    private readonly unsafe struct AddOperator : IRowOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(RowOperands o, nint i) where T : struct, IFloatLanes<T> => Clamp(T.Load(o.X + i) + T.Load(o.Y + i), o.Lowest, o.Highest);
    }

    private readonly unsafe struct AffineOperator : IRowOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(RowOperands o, nint i) where T : struct, IFloatLanes<T>
            => Clamp(T.FusedMultiplyAdd(T.Load(o.X + i), T.Load(o.Y + i), T.Load(o.Z + i)), o.Lowest, o.Highest);
    }

    private readonly unsafe struct SlopeOperator : IRowOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(RowOperands o, nint i) where T : struct, IFloatLanes<T>
        {
            var x = T.Load(o.X + i);
            // The order of operands decides what zeros and NaN give: max(−0, 0) is +0, min(0, −0) is −0.
            return T.Max(x, T.Create(0)) + (T.Min(T.Create(0), x) * T.Load(o.Y + i));
        }
    }
}
