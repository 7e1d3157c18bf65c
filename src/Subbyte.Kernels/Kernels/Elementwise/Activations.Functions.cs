using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

// Max and Min give their second operand for NaN, so x comes second where NaN has to go through.
public static partial class Activations
{
    private readonly struct LeakyReluFunction(float alpha) : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x) where T : struct, IFloatLanes<T> => T.Select(x < T.Create(0), T.Create(alpha) * x, x);
    }

    /// <summary>eᵘ − 1 = 2t / (1 − t) with t = tanh(u/2), which keeps its digits near 0.</summary>
    private readonly struct ExponentialLinearFunction(float alpha, float gamma, float beta) : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x) where T : struct, IFloatLanes<T>
        {
            var t = Transcendental.HyperbolicTangent.Of(T.Create(0.5f) * (x / T.Create(beta)));
            var negative = T.Create(alpha) * ((t + t) / (T.Create(1) - t));
            return T.Create(gamma) * T.Select(x > T.Create(0), x, negative);
        }
    }

    private readonly struct HardSigmoidFunction(float alpha, float beta) : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x) where T : struct, IFloatLanes<T>
            => T.Max(T.Create(0), T.Min(T.Create(1), (T.Create(alpha) * x) + T.Create(beta)));
    }

    private readonly struct HardSwishFunction : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x) where T : struct, IFloatLanes<T> => x * new HardSigmoidFunction(1f / 6, 0.5f).Of(x);
    }

    /// <summary>max(x, 0) + ln(1 + e) with e = e⁻|ˣ|. The rounding of u = 1 + e is made up for by the factor e / (u − 1).</summary>
    private readonly struct SoftplusFunction : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x) where T : struct, IFloatLanes<T>
        {
            var e = Transcendental.Exponential.Of(x | T.CreateInt32(int.MinValue));
            var u = T.Create(1) + e;
            var rounded = u - T.Create(1);
            var logarithm = T.Select(rounded > T.Create(0), Transcendental.Logarithm.Of(u) * (e / rounded), e);
            return T.Max(T.Create(0), x) + logarithm;
        }
    }

    private readonly struct SoftsignFunction : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x) where T : struct, IFloatLanes<T> => x / (T.Create(1) + (x & T.CreateInt32(int.MaxValue)));
    }

    private readonly struct ThresholdedReluFunction(float threshold) : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x) where T : struct, IFloatLanes<T> => T.Select(x > T.Create(threshold), x, T.Create(0));
    }

    private readonly struct ShrinkFunction(float lambda, float bias) : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x) where T : struct, IFloatLanes<T>
            => T.Select(x < T.Create(-lambda), x + T.Create(bias), T.Select(x > T.Create(lambda), x - T.Create(bias), T.Create(0)));
    }

    /// <summary>tanh(ln(1 + e)) = n / (n + 2) with e = eˣ, n = e·(e + 2); above 20 it is 1.</summary>
    private readonly struct MishFunction : IActivation
    {
        private const float One = 20;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x) where T : struct, IFloatLanes<T>
        {
            var e = Transcendental.Exponential.Of(T.Min(T.Create(One), x));
            var n = e * (e + T.Create(2));
            return x * (n / (n + T.Create(2)));
        }
    }

    private readonly struct SwishFunction(float alpha) : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x) where T : struct, IFloatLanes<T> => x * Transcendental.LogisticFunction.Of(T.Create(alpha) * x);
    }

    private readonly struct GeluFunction : IActivation
    {
        private const float RootOfHalf = 0.707106781f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x) where T : struct, IFloatLanes<T>
            => T.Create(0.5f) * x * (T.Create(1) + Transcendental.ErrorFunction.Of(x * T.Create(RootOfHalf)));
    }

    private readonly struct GeluTanhFunction : IActivation
    {
        private const float RootOfTwoOverPi = 0.797884561f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x) where T : struct, IFloatLanes<T>
        {
            var cubic = T.FusedMultiplyAdd(T.Create(0.044715f) * x * x, x, x);
            return T.Create(0.5f) * x * (T.Create(1) + Transcendental.HyperbolicTangent.Of(T.Create(RootOfTwoOverPi) * cubic));
        }
    }
}
