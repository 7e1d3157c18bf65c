using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

public static partial class Transcendental
{
    /// <summary>
    /// eˣ = 2ⁿ·eʳ with n = round(x / ln 2), |r| ≤ ½ ln 2 (a trifle more where x / ln 2 lies half way), eʳ by its Taylor polynomial of degree 7:
    /// the remainder is below r⁸/8! = 5.2·10⁻⁹, a twentieth of a unit in the last place.
    /// </summary>
    internal readonly struct Exponential : IUnaryFunction
    {
        // Beyond these the result is +∞ and 0; the clamp keeps n within what two factors of 2^(n/2) can express.
        private const float Highest = 89f;
        private const float Lowest = -104f;

        private const float Log2OfE = 1.44269504f;

        // ln 2 as the sum of a float and its error, used in two fused multiply-adds.
        private const float Ln2High = 0.6931472f;
        private const float Ln2Low = -1.90465432e-9f;

        // Adding 1.5·2²³ leaves the nearest integer (ties to even) in the low bits of the significand.
        private const float RoundingShift = 12582912f;

        private const float C2 = 1f / 2, C3 = 1f / 6, C4 = 1f / 24, C5 = 1f / 120, C6 = 1f / 720, C7 = 1f / 5040;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, IFloatLanes<T>
        {
            var clamped = T.Max(T.Create(Lowest), T.Min(T.Create(Highest), x));
            var shifted = T.FusedMultiplyAdd(clamped, T.Create(Log2OfE), T.Create(RoundingShift));
            var n = shifted - T.Create(RoundingShift);
            var r = T.FusedMultiplyAdd(n, T.Create(-Ln2High), clamped);
            r = T.FusedMultiplyAdd(n, T.Create(-Ln2Low), r);
            var p = T.FusedMultiplyAdd(T.Create(C7), r, T.Create(C6));
            p = T.FusedMultiplyAdd(p, r, T.Create(C5));
            p = T.FusedMultiplyAdd(p, r, T.Create(C4));
            p = T.FusedMultiplyAdd(p, r, T.Create(C3));
            p = T.FusedMultiplyAdd(p, r, T.Create(C2));
            p = T.FusedMultiplyAdd(p, r, T.Create(1));
            p = T.FusedMultiplyAdd(p, r, T.Create(1));
            var exponent = T.SubtractInt32(shifted, T.Create(RoundingShift));
            var half = T.ShiftRight(exponent, 1);
            // The first product is exact; only the second one rounds (into the subnormal range) or overflows.
            var result = p * PowerOfTwo(half) * PowerOfTwo(T.SubtractInt32(exponent, half));
            return T.Select(T.AreEqual(x, x), result, x);
        }

        private static T PowerOfTwo<T>(T exponent) where T : struct, IFloatLanes<T> => T.ShiftLeft(T.AddInt32(exponent, T.CreateInt32(127)), 23);
    }
}
