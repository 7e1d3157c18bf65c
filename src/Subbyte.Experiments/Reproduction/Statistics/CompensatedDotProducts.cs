using Subbyte.Formats;
using Subbyte.Methods.Fpec;

namespace Subbyte.Experiments.Reproduction.Statistics;

/// <summary>512 compensated dot products of 256 rectified normal-like activations and normal-like weights.</summary>
internal static class CompensatedDotProducts
{
    private const int Rows = 512;
    private const int Depth = 256;
    private static readonly double[] Activations = [.. NormalLike.Normal(21, Rows * Depth).Select(v => Math.Max(v, 0))];
    private static readonly double[] Weights = [.. NormalLike.Normal(22, Rows * Depth).Select(v => v / 4)];

    /// <summary>Root mean square of the errors over that of the exact dot products.</summary>
    /// <param name="arguments"><c>bits</c>, <c>mode</c>, <c>emb</c>, <c>threshold</c>, <c>zero</c>.</param>
    /// <returns>The relative error.</returns>
    public static double RelativeError(DrawnStatistics.Arguments arguments) => Run(arguments).Error;

    /// <summary>Energy of plain fixed point over that of the compensated form, both with what the compensations here cost.</summary>
    /// <param name="arguments">As above, and <c>of</c>: the bits of plain fixed point; <c>model=calibrated</c> has a part that does not depend on the width.</param>
    /// <returns>The ratio.</returns>
    public static double EnergyRatio(DrawnStatistics.Arguments arguments)
    {
        var (bits, plain) = (arguments.Integer("bits"), arguments.Integer("of"));
        var (_, activations, weights) = Run(arguments);
        if (arguments.Text("model", "table") == "calibrated") return FpecEnergy.CalibratedTerm(plain, Depth) / FpecEnergy.CalibratedTerm(bits, Depth, activations + weights);
        return FpecEnergy.Term(plain, plain, Depth) / FpecEnergy.Term(bits, bits, Depth, activations, weights);
    }

    private static (double Error, double ActivationShare, double WeightShare) Run(DrawnStatistics.Arguments arguments)
    {
        var bits = arguments.Integer("bits");
        var (x, w) = (Format(arguments, bits, 2) with { IsNonNegative = true }, Format(arguments, bits, 0));
        FpecWord[] activations = [.. Activations.Select(x.Encode)], weights = [.. Weights.Select(w.Encode)];
        var (squares, errors, forActivations, forWeights) = (0.0, 0.0, 0L, 0L);
        for (var start = 0; start < Activations.Length; start += Depth)
        {
            var element = FpecProcessingElement.DotProduct(activations.AsSpan(start, Depth), weights.AsSpan(start, Depth));
            var y = Math.ScaleB(element.Sum(x, w), -x.Words.FractionBits - w.Words.FractionBits - FpecFormat.SumShift(x, w));
            var exact = 0.0;
            for (var k = start; k < start + Depth; k++) exact += Activations[k] * Weights[k];
            squares += exact * exact;
            errors += (y - exact) * (y - exact);
            forActivations += element.ActivationCompensations;
            forWeights += element.WeightCompensations;
        }

        return (Math.Sqrt(errors / squares), forActivations / (double)Activations.Length, forWeights / (double)Activations.Length);
    }

    private static FpecFormat Format(DrawnStatistics.Arguments arguments, int bits, int integerBits)
    {
        var emb = arguments.Integer("emb", 1);
        return new FpecFormat
        {
            Words = new FixedPointFormat(bits, bits - 1 - integerBits),
            Mode = arguments.Choice("mode", CompensationMode.N),
            MagnitudeShift = emb,
            Threshold = arguments.Number("threshold", Math.ScaleB(1, -1 - emb)),
            Zero = arguments.Choice("zero", ZeroCode.Free),
        };
    }
}
