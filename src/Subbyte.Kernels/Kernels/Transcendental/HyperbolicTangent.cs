using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

public static partial class Transcendental
{
    /// <summary>
    /// Of t = |x|, with the sign of x: below 0.625, t + t³·P(t²) with P fitted to a relative error of 5·10⁻⁹; above, 1 − 2 / (e²ᵗ + 1), where an
    /// error of the fraction, at most 0.45, counts less than half.
    /// </summary>
    internal readonly struct HyperbolicTangent : IUnaryFunction
    {
        private const float EndOfPolynomial = 0.625f;

        private const float P0 = -0.3333328068256378f, P1 = 0.1333141177892685f, P2 = -0.05373743548989296f, P3 = 0.020632321015000343f, P4 = -0.005698029883205891f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, IFloatLanes<T>
        {
            var t = x & T.CreateInt32(int.MaxValue);
            var square = t * t;
            var p = T.FusedMultiplyAdd(T.Create(P4), square, T.Create(P3));
            p = T.FusedMultiplyAdd(p, square, T.Create(P2));
            p = T.FusedMultiplyAdd(p, square, T.Create(P1));
            p = T.FusedMultiplyAdd(p, square, T.Create(P0));
            var small = T.FusedMultiplyAdd(p * square, t, t);
            var large = T.Create(1) - (T.Create(2) / (Exponential.Of(t + t) + T.Create(1)));
            return T.Select(t < T.Create(EndOfPolynomial), small, large) | (x & T.CreateInt32(int.MinValue));
        }
    }
}
