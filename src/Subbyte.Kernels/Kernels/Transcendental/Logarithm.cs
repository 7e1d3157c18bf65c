using System.Numerics;
using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

public static partial class Transcendental
{
    /// <summary>
    /// ln x = e·ln 2 + ln(1 + f) with x = 2ᵉ·(1 + f), 1 + f from √½ to √2. With z = f / (2 + f), |z| ≤ 0.1716, the series of artanh gives
    /// ln(1 + f) = 2z + z·R, R = z²·(2/3 + 2/5·z² + 2/7·z⁴ + 2/9·z⁶) (the next term is below 4·10⁻⁹ of the result); since 2z = f − z·f, this is
    /// f − (h − z·(h + R)) with h = f²/2, in which the leading term is exact.
    /// </summary>
    private readonly struct Logarithm : IUnaryFunction
    {
        private const int BitsOfSqrtHalf = 0x3F35_04F3;
        private const float SmallestNormal = 1.17549435e-38f;

        // Subnormal numbers are brought into the normal range first.
        private const float Lift = 1 << 23;

        // The high part has 9 trailing zeros, so that its product with an exponent is exact.
        private const float Ln2High = 0.693145752f;
        private const float Ln2Low = 1.42860677e-6f;

        private const float C1 = 2f / 3, C2 = 2f / 5, C3 = 2f / 7, C4 = 2f / 9;

        public static float Of(float x)
        {
            if (!(x > 0) || x == float.PositiveInfinity)
                return x == 0 ? float.NegativeInfinity : x > 0 ? x : float.NaN;
            var isSubnormal = x < SmallestNormal;
            var bits = BitConverter.SingleToInt32Bits(isSubnormal ? x * Lift : x) - BitsOfSqrtHalf;
            var e = (float)((bits >> 23) - (isSubnormal ? 23 : 0));
            var f = BitConverter.Int32BitsToSingle((bits & 0x007F_FFFF) + BitsOfSqrtHalf) - 1f;
            var z = f / (2f + f);
            var square = z * z;
            var r = MathF.FusedMultiplyAdd(C4, square, C3);
            r = MathF.FusedMultiplyAdd(r, square, C2);
            r = MathF.FusedMultiplyAdd(r, square, C1);
            r *= square;
            var h = 0.5f * f * f;
            var low = MathF.FusedMultiplyAdd(e, Ln2Low, z * (h + r));
            return MathF.FusedMultiplyAdd(e, Ln2High, f - (h - low));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x)
        {
            var isSubnormal = Vector.LessThan(x, new Vector<float>(SmallestNormal));
            var bits = Vector.AsVectorInt32(Vector.ConditionalSelect(isSubnormal, x * new Vector<float>(Lift), x)) - new Vector<int>(BitsOfSqrtHalf);
            var e = Vector.ConvertToSingle((bits >> 23) - (isSubnormal & new Vector<int>(23)));
            var f = Vector.AsVectorSingle((bits & new Vector<int>(0x007F_FFFF)) + new Vector<int>(BitsOfSqrtHalf)) - Vector<float>.One;
            var z = f / (new Vector<float>(2f) + f);
            var square = z * z;
            var r = Vector.FusedMultiplyAdd(new Vector<float>(C4), square, new Vector<float>(C3));
            r = Vector.FusedMultiplyAdd(r, square, new Vector<float>(C2));
            r = Vector.FusedMultiplyAdd(r, square, new Vector<float>(C1));
            r *= square;
            var h = new Vector<float>(0.5f) * f * f;
            var low = Vector.FusedMultiplyAdd(e, new Vector<float>(Ln2Low), z * (h + r));
            var result = Vector.FusedMultiplyAdd(e, new Vector<float>(Ln2High), f - (h - low));
            result = Vector.ConditionalSelect(Vector.Equals(x, new Vector<float>(float.PositiveInfinity)), x, result);
            result = Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), result, new Vector<float>(float.NaN));
            return Vector.ConditionalSelect(Vector.Equals(x, Vector<float>.Zero), new Vector<float>(float.NegativeInfinity), result);
        }
    }
}
