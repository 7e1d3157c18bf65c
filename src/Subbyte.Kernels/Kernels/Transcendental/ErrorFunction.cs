using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

public static partial class Transcendental
{
    /// <summary>
    /// Of t = |x|, with the sign of x: below 0.9277, t + t·P(t²) with P fitted to a relative error of 2·10⁻⁸; above, 1 − e⁻⁽ᵗ ⁺ ᵗ·Q⁽ᵗ⁾⁾ with Q
    /// fitted to an error of the result of 7·10⁻¹⁰. From 4 on the result is 1.
    /// </summary>
    internal readonly struct ErrorFunction : IUnaryFunction
    {
        private const float EndOfPolynomial = 0.927734375f;
        private const float One = 4f;

        private const float P0 = 0.12837915122509003f, P1 = -0.37612488865852356f, P2 = 0.11281730979681015f;
        private const float P3 = -0.026762966066598892f, P4 = 0.0049873529933393f, P5 = -0.0005959589616395533f;

        private const float Q0 = 0.12865227460861206f, Q1 = 0.6351354718208313f, Q2 = 0.10626386106014252f, Q3 = -0.023785965517163277f;
        private const float Q4 = 0.003654066240414977f, Q5 = -0.00032573199132457376f, Q6 = 1.153100765804993e-05f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, IFloatLanes<T>
        {
            var t = T.Min(T.Create(One), x & T.CreateInt32(int.MaxValue));
            var square = t * t;
            var p = T.FusedMultiplyAdd(T.Create(P5), square, T.Create(P4));
            p = T.FusedMultiplyAdd(p, square, T.Create(P3));
            p = T.FusedMultiplyAdd(p, square, T.Create(P2));
            p = T.FusedMultiplyAdd(p, square, T.Create(P1));
            p = T.FusedMultiplyAdd(p, square, T.Create(P0));
            var small = T.FusedMultiplyAdd(p, t, t);
            var q = T.FusedMultiplyAdd(T.Create(Q6), t, T.Create(Q5));
            q = T.FusedMultiplyAdd(q, t, T.Create(Q4));
            q = T.FusedMultiplyAdd(q, t, T.Create(Q3));
            q = T.FusedMultiplyAdd(q, t, T.Create(Q2));
            q = T.FusedMultiplyAdd(q, t, T.Create(Q1));
            q = T.FusedMultiplyAdd(q, t, T.Create(Q0));
            var large = T.Create(1) - Exponential.Of(T.Create(0) - T.FusedMultiplyAdd(q, t, t));
            return T.Select(t < T.Create(EndOfPolynomial), small, large) | (x & T.CreateInt32(int.MinValue));
        }
    }
}
