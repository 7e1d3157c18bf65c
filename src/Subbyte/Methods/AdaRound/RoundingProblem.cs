using Subbyte.Methods.BitSplit;

namespace Subbyte.Methods.AdaRound;

/// <summary>
/// Which way each weight of an output channel is rounded: codes are ⌊w/s⌋ or one more, within the grid. The error of the output over the calibration
/// patches is a quadratic form of the weights' errors δ = ŵ − w: <c>δᵀAδ + 2·δᵀ(Aw − C) + constant</c>, A the second moments of the input as the
/// quantized layer sees it and C those of the float output with it.
/// </summary>
internal sealed class RoundingProblem
{
    private readonly ResponseMoments _moments;
    private readonly double[] _weights;
    private readonly int _largest;

    /// <summary>States the problem of a channel.</summary>
    /// <param name="weights">Float weights.</param>
    /// <param name="scale">Scale of the channel's grid.</param>
    /// <param name="largest">Largest code.</param>
    /// <param name="moments">Moments of the input.</param>
    public RoundingProblem(ReadOnlySpan<float> weights, float scale, int largest, ResponseMoments moments)
    {
        (_moments, _largest, Scale) = (moments, largest, scale);
        _weights = new double[weights.Length];
        Lower = new int[weights.Length];
        Share = new double[weights.Length];
        for (var k = 0; k < weights.Length; k++)
        {
            _weights[k] = weights[k];
            var quotient = _weights[k] / scale;
            Lower[k] = (int)Math.Clamp(Math.Floor(quotient), -largest - 1, largest);
            Share[k] = Math.Clamp(quotient - Lower[k], 0, 1);
        }

        Slope = Difference();
    }

    /// <summary>Scale of the grid.</summary>
    public float Scale { get; }

    /// <summary>⌊w/s⌋, or the end of the grid.</summary>
    public int[] Lower { get; }

    /// <summary>w/s − ⌊w/s⌋: what rounding up would not have to add.</summary>
    public double[] Share { get; }

    /// <summary>Aw − C; zeros where the quantized layer sees the float layer's input.</summary>
    public double[] Slope { get; }

    /// <summary>δ of a weight rounded down.</summary>
    /// <param name="k">Position.</param>
    /// <returns>s·⌊w/s⌋ − w, ⌊w/s⌋ within the grid.</returns>
    public double Base(int k) => ((double)Scale * Math.Max(Lower[k], -_largest)) - _weights[k];

    /// <summary>Whether a weight can be rounded either way.</summary>
    /// <param name="k">Position.</param>
    /// <returns>False beyond the ends of the grid.</returns>
    public bool IsFree(int k) => Lower[k] >= -_largest && Lower[k] < _largest;

    /// <summary>The codes of roundings.</summary>
    /// <param name="up">Whether a weight is rounded up.</param>
    /// <returns>Codes within the grid.</returns>
    public short[] Codes(Func<int, bool> up) => [.. Lower.Select((code, k) => (short)Math.Clamp(code + (up(k) ? 1 : 0), -_largest, _largest))];

    /// <summary>The nearest codes, halves to even.</summary>
    /// <returns>Codes within the grid.</returns>
    public short[] Nearest() => [.. _weights.Select(weight => (short)Math.Clamp(Math.Round(weight / Scale), -_largest, _largest))];

    /// <summary>The error of codes, less the part that no codes change.</summary>
    /// <param name="codes">Codes.</param>
    /// <returns>δᵀAδ, and 2·δᵀ(Aw − C): the error is their sum.</returns>
    public (double Own, double Inherited) Error(ReadOnlySpan<short> codes)
    {
        double own = 0, inherited = 0;
        for (var k = 0; k < codes.Length; k++)
        {
            var difference = Delta(codes, k);
            if (difference == 0) continue;
            var row = _moments.Row(k);
            double image = 0;
            for (var j = 0; j < codes.Length; j++) image += row[j] * Delta(codes, j);
            own += difference * image;
            inherited += 2 * difference * Slope[k];
        }

        return (own, inherited);
    }

    private double Delta(ReadOnlySpan<short> codes, int k) => (codes[k] * (double)Scale) - _weights[k];

    private double[] Difference()
    {
        if (_moments.SeesFloatInput) return new double[_weights.Length];
        var image = new double[_weights.Length];
        for (var k = 0; k < image.Length; k++) ResponseMoments.AddScaled(image, _weights[k], _moments.Row(k));
        var response = _moments.Response(_weights);
        for (var k = 0; k < image.Length; k++) image[k] -= response[k];
        return image;
    }
}
