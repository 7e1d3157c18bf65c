using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>
/// Activation functions of float maps. Each is one sequence of exactly rounded operations and of the functions of <see cref="Transcendental"/>: the
/// same bits for every instruction set and position. Results may be written over the operand.
/// </summary>
public static partial class Activations
{
    /// <summary>x where it is not negative, α·x below.</summary>
    /// <param name="x">Operand.</param>
    /// <param name="alpha">Slope below 0.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void LeakyRelu(ReadOnlySpan<float> x, float alpha, Span<float> d) => Apply(x, d, new LeakyReluFunction(alpha));

    /// <summary>γ·x above 0, γ·α·(e^(x/β) − 1) elsewhere: ELU with γ = β = 1, SELU with β = 1, CELU with γ = 1 and β = α.</summary>
    /// <param name="x">Operand.</param>
    /// <param name="alpha">Depth below 0.</param>
    /// <param name="gamma">Scale of the result.</param>
    /// <param name="beta">Scale of negative operands; not 0.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void ExponentialLinear(ReadOnlySpan<float> x, float alpha, float gamma, float beta, Span<float> d) => Apply(x, d, new ExponentialLinearFunction(alpha, gamma, beta));

    /// <summary>α·x + β, clamped to 0 … 1.</summary>
    /// <param name="x">Operand.</param>
    /// <param name="alpha">Slope.</param>
    /// <param name="beta">Value at 0.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void HardSigmoid(ReadOnlySpan<float> x, float alpha, float beta, Span<float> d) => Apply(x, d, new HardSigmoidFunction(alpha, beta));

    /// <summary>x·HardSigmoid(x) with slope 1/6 and value ½ at 0.</summary>
    /// <param name="x">Operand.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void HardSwish(ReadOnlySpan<float> x, Span<float> d) => Apply(x, d, default(HardSwishFunction));

    /// <summary>ln(1 + eˣ).</summary>
    /// <param name="x">Operand.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Softplus(ReadOnlySpan<float> x, Span<float> d) => Apply(x, d, default(SoftplusFunction));

    /// <summary>x / (1 + |x|).</summary>
    /// <param name="x">Operand.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Softsign(ReadOnlySpan<float> x, Span<float> d) => Apply(x, d, default(SoftsignFunction));

    /// <summary>x above a threshold, 0 elsewhere.</summary>
    /// <param name="x">Operand.</param>
    /// <param name="threshold">The threshold.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void ThresholdedRelu(ReadOnlySpan<float> x, float threshold, Span<float> d) => Apply(x, d, new ThresholdedReluFunction(threshold));

    /// <summary>0 from −λ to λ; beyond, x moved towards 0 by a bias.</summary>
    /// <param name="x">Operand.</param>
    /// <param name="lambda">End of the zeros.</param>
    /// <param name="bias">What is added below −λ and taken away above λ.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Shrink(ReadOnlySpan<float> x, float lambda, float bias, Span<float> d) => Apply(x, d, new ShrinkFunction(lambda, bias));

    /// <summary>x·tanh(ln(1 + eˣ)).</summary>
    /// <param name="x">Operand.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Mish(ReadOnlySpan<float> x, Span<float> d) => Apply(x, d, default(MishFunction));

    /// <summary>x·sigmoid(α·x).</summary>
    /// <param name="x">Operand.</param>
    /// <param name="alpha">Scale of the sigmoid's operand.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Swish(ReadOnlySpan<float> x, float alpha, Span<float> d) => Apply(x, d, new SwishFunction(alpha));

    /// <summary>x/2·(1 + erf(x/√2)).</summary>
    /// <param name="x">Operand.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Gelu(ReadOnlySpan<float> x, Span<float> d) => Apply(x, d, default(GeluFunction));

    /// <summary>x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
    /// <param name="x">Operand.</param>
    /// <param name="d">Result, as long as the operand.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void GeluTanh(ReadOnlySpan<float> x, Span<float> d) => Apply(x, d, default(GeluTanhFunction));

    private static unsafe void Apply<TActivation>(ReadOnlySpan<float> x, Span<float> d, TActivation activation)
        where TActivation : struct, IActivation
    {
        if (x.Length != d.Length) throw new ArgumentException($"{x.Length} operands do not give {d.Length} results", nameof(d));
        fixed (float* from = x, to = d)
            LaneLoop.Run(new ActivationLoop<TActivation>(from, to, activation), x.Length);
    }

    /// <summary>A function of one float and of parameters.</summary>
    private interface IActivation
    {
        TLanes Of<TLanes>(TLanes x) where TLanes : struct, IFloatLanes<TLanes>;
    }

    private readonly unsafe struct ActivationLoop<TActivation>(float* x, float* d, TActivation activation) : ILaneLoop
        where TActivation : struct, IActivation
    {
        private readonly float* _x = x, _d = d;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TLanes>(nint i) where TLanes : struct, IFloatLanes<TLanes> => activation.Of(TLanes.Load(_x + i)).Store(_d + i);
    }
}
