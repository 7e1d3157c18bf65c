using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

public static partial class Transcendental
{
    /// <summary>With e = e⁻|ˣ|, which never overflows: 1 / (1 + e) for x ≥ 0, e / (1 + e) below.</summary>
    internal readonly struct LogisticFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, IFloatLanes<T>
        {
            var e = Exponential.Of(x | T.CreateInt32(int.MinValue));
            return T.Select(x < T.Create(0), e, T.Create(1)) / (T.Create(1) + e);
        }
    }
}
