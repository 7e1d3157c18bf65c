using System.Numerics;
using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

public static partial class Transcendental
{
    /// <summary>
    /// eˣ = 2ⁿ·eʳ with n = round(x / ln 2), |r| ≤ ½ ln 2 (a trifle more where x / ln 2 lies half way), eʳ by its Taylor polynomial of degree 7:
    /// the remainder is below r⁸/8! = 5.2·10⁻⁹, a twentieth of a unit in the last place.
    /// </summary>
    private readonly struct Exponential : IUnaryFunction
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

        public static float Of(float x)
        {
            if (float.IsNaN(x)) return x;
            var clamped = x > Highest ? Highest : x;
            clamped = clamped < Lowest ? Lowest : clamped;
            var shifted = MathF.FusedMultiplyAdd(clamped, Log2OfE, RoundingShift);
            var n = shifted - RoundingShift;
            var r = MathF.FusedMultiplyAdd(n, -Ln2High, clamped);
            r = MathF.FusedMultiplyAdd(n, -Ln2Low, r);
            var p = MathF.FusedMultiplyAdd(C7, r, C6);
            p = MathF.FusedMultiplyAdd(p, r, C5);
            p = MathF.FusedMultiplyAdd(p, r, C4);
            p = MathF.FusedMultiplyAdd(p, r, C3);
            p = MathF.FusedMultiplyAdd(p, r, C2);
            p = MathF.FusedMultiplyAdd(p, r, 1f);
            p = MathF.FusedMultiplyAdd(p, r, 1f);
            var exponent = BitConverter.SingleToInt32Bits(shifted) - BitConverter.SingleToInt32Bits(RoundingShift);
            var half = exponent >> 1;
            // The first product is exact; only the second one rounds (into the subnormal range) or overflows.
            return p * PowerOfTwo(half) * PowerOfTwo(exponent - half);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x)
        {
            var clamped = Vector.ConditionalSelect(Vector.GreaterThan(x, new Vector<float>(Highest)), new Vector<float>(Highest), x);
            clamped = Vector.ConditionalSelect(Vector.LessThan(clamped, new Vector<float>(Lowest)), new Vector<float>(Lowest), clamped);
            var shifted = Vector.FusedMultiplyAdd(clamped, new Vector<float>(Log2OfE), new Vector<float>(RoundingShift));
            var n = shifted - new Vector<float>(RoundingShift);
            var r = Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2High), clamped);
            r = Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2Low), r);
            var p = Vector.FusedMultiplyAdd(new Vector<float>(C7), r, new Vector<float>(C6));
            p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(C5));
            p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(C4));
            p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(C3));
            p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(C2));
            p = Vector.FusedMultiplyAdd(p, r, Vector<float>.One);
            p = Vector.FusedMultiplyAdd(p, r, Vector<float>.One);
            var exponent = Vector.AsVectorInt32(shifted) - new Vector<int>(BitConverter.SingleToInt32Bits(RoundingShift));
            var half = exponent >> 1;
            var result = p * PowersOfTwo(half) * PowersOfTwo(exponent - half);
            return Vector.ConditionalSelect(Vector.Equals(x, x), result, x);
        }

        private static float PowerOfTwo(int exponent) => BitConverter.Int32BitsToSingle((exponent + 127) << 23);

        private static Vector<float> PowersOfTwo(Vector<int> exponents) => Vector.AsVectorSingle((exponents + new Vector<int>(127)) << 23);
    }
}
