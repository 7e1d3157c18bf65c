using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>
/// Exponential, logarithm and their kin that give the same bits on every machine: reduction of the range and a polynomial of fused multiply-adds
/// in a fixed order. Neither the position in a span nor the vector width matters.
/// </summary>
public static partial class Transcendental
{
    /// <summary>eˣ to within 1 unit in the last place (2 below the smallest normal number).</summary>
    /// <param name="x">Exponent: above 88.73 gives +∞, below −103.98 gives 0, NaN gives NaN.</param>
    /// <returns>eˣ.</returns>
    public static float Exp(float x) => Exponential.Of(new ScalarLane(x)).Value;

    /// <summary>eˣ of each element; see <see cref="Exp(float)"/>.</summary>
    /// <param name="x">Exponents.</param>
    /// <param name="destination">Takes the results; as long as <paramref name="x"/>, and either the same memory or none of it.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Exp(ReadOnlySpan<float> x, Span<float> destination) => Apply<Exponential>(x, destination);

    /// <summary>The natural logarithm to within 1 unit in the last place.</summary>
    /// <param name="x">Argument: 0 gives −∞, +∞ gives +∞, negative numbers and NaN give NaN.</param>
    /// <returns>ln x; exactly 0 for 1.</returns>
    public static float Log(float x) => Logarithm.Of(new ScalarLane(x)).Value;

    /// <summary>The natural logarithm of each element; see <see cref="Log(float)"/>.</summary>
    /// <param name="x">Arguments.</param>
    /// <param name="destination">Takes the results; as long as <paramref name="x"/>, and either the same memory or none of it.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Log(ReadOnlySpan<float> x, Span<float> destination) => Apply<Logarithm>(x, destination);

    /// <summary>The hyperbolic tangent to within 1.5 units in the last place.</summary>
    /// <param name="x">Argument: ±∞ gives ±1, −0 gives −0, NaN gives NaN.</param>
    /// <returns>tanh x, an odd function.</returns>
    public static float Tanh(float x) => HyperbolicTangent.Of(new ScalarLane(x)).Value;

    /// <summary>The hyperbolic tangent of each element; see <see cref="Tanh(float)"/>.</summary>
    /// <param name="x">Arguments.</param>
    /// <param name="destination">Takes the results; as long as <paramref name="x"/>, and either the same memory or none of it.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> destination) => Apply<HyperbolicTangent>(x, destination);

    /// <summary>The logistic function 1 / (1 + e⁻ˣ) to within 2.5 units in the last place.</summary>
    /// <param name="x">Argument: −∞ gives 0, +∞ gives 1, NaN gives NaN.</param>
    /// <returns>The value, 0 … 1; ½ for 0.</returns>
    public static float Sigmoid(float x) => LogisticFunction.Of(new ScalarLane(x)).Value;

    /// <summary>The logistic function of each element; see <see cref="Sigmoid(float)"/>.</summary>
    /// <param name="x">Arguments.</param>
    /// <param name="destination">Takes the results; as long as <paramref name="x"/>, and either the same memory or none of it.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> destination) => Apply<LogisticFunction>(x, destination);

    /// <summary>The error function 2/√π · ∫₀ˣ e^(−t²) dt to within 1.5 units in the last place.</summary>
    /// <param name="x">Argument: ±∞ gives ±1, −0 gives −0, NaN gives NaN.</param>
    /// <returns>erf x, an odd function.</returns>
    public static float Erf(float x) => ErrorFunction.Of(new ScalarLane(x)).Value;

    /// <summary>The error function of each element; see <see cref="Erf(float)"/>.</summary>
    /// <param name="x">Arguments.</param>
    /// <param name="destination">Takes the results; as long as <paramref name="x"/>, and either the same memory or none of it.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Erf(ReadOnlySpan<float> x, Span<float> destination) => Apply<ErrorFunction>(x, destination);

    private static unsafe void Apply<TFunction>(ReadOnlySpan<float> x, Span<float> destination) where TFunction : IUnaryFunction
    {
        if (x.Length != destination.Length)
            throw new ArgumentException($"{x.Length} arguments do not give {destination.Length} results", nameof(destination));
        fixed (float* from = x, to = destination)
            LaneLoop.Run(new FunctionLoop<TFunction>(from, to), x.Length);
    }

    private readonly unsafe struct FunctionLoop<TFunction>(float* x, float* destination) : ILaneLoop where TFunction : IUnaryFunction
    {
        private readonly float* _x = x, _destination = destination;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TLanes>(nint i) where TLanes : struct, IFloatLanes<TLanes> => TFunction.Of(TLanes.Load(_x + i)).Store(_destination + i);
    }
}
