using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

public static partial class Transcendental
{
    /// <summary>
    /// ln x = e·ln 2 + ln(1 + f) with x = 2ᵉ·(1 + f), 1 + f from √½ to √2. With z = f / (2 + f), |z| ≤ 0.1716, the series of artanh gives
    /// ln(1 + f) = 2z + z·R, R = z²·(2/3 + 2/5·z² + 2/7·z⁴ + 2/9·z⁶) (the next term is below 4·10⁻⁹ of the result); since 2z = f − z·f, this is
    /// f − (h − z·(h + R)) with h = f²/2, in which the leading term is exact.
    /// </summary>
    internal readonly struct Logarithm : IUnaryFunction
    {
        private const int BitsOfSqrtHalf = 0x3F35_04F3;
        private const float SmallestNormal = 1.17549435e-38f;

        // Subnormal numbers are brought into the normal range first.
        private const float Lift = 1 << 23;

        // The high part has 9 trailing zeros, so that its product with an exponent is exact.
        private const float Ln2High = 0.693145752f;
        private const float Ln2Low = 1.42860677e-6f;

        private const float C1 = 2f / 3, C2 = 2f / 5, C3 = 2f / 7, C4 = 2f / 9;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, IFloatLanes<T>
        {
            var isSubnormal = x < T.Create(SmallestNormal);
            var bits = T.SubtractInt32(T.Select(isSubnormal, x * T.Create(Lift), x), T.CreateInt32(BitsOfSqrtHalf));
            var e = T.FromInt32(T.SubtractInt32(T.ShiftRight(bits, 23), isSubnormal & T.CreateInt32(23)));
            var f = T.AddInt32(bits & T.CreateInt32(0x007F_FFFF), T.CreateInt32(BitsOfSqrtHalf)) - T.Create(1);
            var z = f / (T.Create(2) + f);
            var square = z * z;
            var r = T.FusedMultiplyAdd(T.Create(C4), square, T.Create(C3));
            r = T.FusedMultiplyAdd(r, square, T.Create(C2));
            r = T.FusedMultiplyAdd(r, square, T.Create(C1));
            r *= square;
            var h = T.Create(0.5f) * f * f;
            var low = T.FusedMultiplyAdd(e, T.Create(Ln2Low), z * (h + r));
            var result = T.FusedMultiplyAdd(e, T.Create(Ln2High), f - (h - low));
            result = T.Select(T.AreEqual(x, T.Create(float.PositiveInfinity)), x, result);
            result = T.Select(x > T.Create(0), result, T.Create(float.NaN));
            return T.Select(T.AreEqual(x, T.Create(0)), T.Create(float.NegativeInfinity), result);
        }
    }
}
