using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>Uniform quantization, one or several values at a time; see <see cref="Quantizer"/>.</summary>
/// <param name="scale">Step size.</param>
/// <param name="zeroPoint">Code of the value 0.</param>
/// <param name="lowest">Smallest code less the zero point.</param>
/// <param name="highest">Largest code less the zero point.</param>
/// <param name="rounding">What happens to ties.</param>
internal readonly struct QuantizationStep(float scale, int zeroPoint, float lowest, float highest, Rounding rounding)
{
    private const float LargestBelowHalf = 0.49999997f;

    private readonly float _scale = scale;
    private readonly Rounding _rounding = rounding;

    /// <summary>Smallest code less the zero point.</summary>
    public float Lowest { get; } = lowest;

    /// <summary>Largest code less the zero point.</summary>
    public float Highest { get; } = highest;

    /// <summary>Code of the value 0.</summary>
    public int ZeroPoint { get; } = zeroPoint;

    /// <summary>The codes of values, as 32-bit integers.</summary>
    /// <typeparam name="T">How many at a time.</typeparam>
    /// <param name="x">Values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Codes<T>(T x) where T : struct, IFloatLanes<T>
    {
        var quotient = x / T.Create(_scale);
        quotient &= T.AreEqual(quotient, quotient);
        var clamped = T.Min(T.Max(quotient, T.Create(Lowest)), T.Create(Highest));
        return T.AddInt32(T.RoundToInt32(_rounding == Rounding.HalfEven ? clamped : HalfAway(clamped)), T.CreateInt32(ZeroPoint));
    }

    /// <summary>Towards zero, then one step away where the part cut off, which is exact, is half or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T HalfAway<T>(T x) where T : struct, IFloatLanes<T>
    {
        var whole = T.Truncate(x);
        var cut = (x - whole) & T.CreateInt32(int.MaxValue);
        var one = T.Create(1) | (x & T.CreateInt32(int.MinValue));
        return whole + (one & (cut > T.Create(LargestBelowHalf)));
    }
}
