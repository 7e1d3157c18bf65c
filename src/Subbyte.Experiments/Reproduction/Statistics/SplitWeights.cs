using Subbyte.Lowering;
using Subbyte.Methods.BitSplit;

namespace Subbyte.Experiments.Reproduction.Statistics;

/// <summary>Relative output error of a drawn layer with correlated inputs: X = max(Z·(I + 0.15·G), 0), 2,000 rows of 72 inputs, 32 outputs.</summary>
internal static class SplitWeights
{
    private const int Rows = 2000;
    private const int Depth = 72;
    private const int Outputs = 32;

    private static readonly Lazy<ResponseMoments> Moments = new(() => ResponseMoments.Of(new PatchRows(Depth, Inputs())));
    private static readonly double[] Weights = NormalLike.Normal(33, Outputs * Depth);

    /// <summary>Squared error of the outputs over their squares.</summary>
    /// <param name="arguments"><c>bits</c>, <c>form</c>: <c>min-max</c>, <c>fit</c> (of the weights) or <c>output</c>; <c>over</c>: the same, to divide by, or none.</param>
    /// <returns>The relative error, or the ratio of two.</returns>
    public static double OutputError(DrawnStatistics.Arguments arguments)
    {
        var bits = arguments.Integer("bits");
        var error = Error(bits, arguments.Text("form"));
        return arguments.Text("over", "none") is var over and not "none" ? error / Error(bits, over) : error;
    }

    private static double Error(int bits, string form)
    {
        var (error, power) = (0.0, 0.0);
        for (var m = 0; m < Outputs; m++)
        {
            var weights = Weights[(m * Depth)..((m + 1) * Depth)];
            var rounded = form == "min-max" ? MinMax(weights, bits) : Solve(weights, bits, form == "output");
            error += Energy([.. weights.Zip(rounded, (weight, code) => weight - code)]);
            power += Energy(weights);
        }

        return error / power;
    }

    private static double[] MinMax(double[] weights, int bits)
    {
        var scale = weights.Max(Math.Abs) / ((1 << (bits - 1)) - 1);
        return [.. weights.Select(weight => scale * Math.Round(weight / scale, MidpointRounding.ToEven))];
    }

    private static double[] Solve(double[] weights, int bits, bool forOutput)
    {
        var planes = WeightFit.Of(weights, bits);
        if (forOutput) new ResponseSolver(Moments.Value, bits - 1).Solve(planes, Moments.Value.Response(weights), 100);
        return [.. planes.Stitch().Select(code => code * planes.IntegerScale)];
    }

    private static double Energy(double[] weights) => Moments.Value.Response(weights).Zip(weights, (response, weight) => response * weight).Sum();

    private static float[] Inputs()
    {
        var (normal, mixing) = (NormalLike.Normal(31, Rows * Depth), NormalLike.Normal(32, Depth * Depth));
        var inputs = new float[Rows * Depth];
        for (var row = 0; row < Rows; row++)
        {
            for (var k = 0; k < Depth; k++)
            {
                var value = normal[(row * Depth) + k];
                for (var i = 0; i < Depth; i++) value += 0.15 * normal[(row * Depth) + i] * mixing[(i * Depth) + k];
                inputs[(row * Depth) + k] = (float)Math.Max(value, 0);
            }
        }

        return inputs;
    }
}
