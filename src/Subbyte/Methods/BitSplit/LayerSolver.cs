using Subbyte.Lowering;

namespace Subbyte.Methods.BitSplit;

/// <summary>Integers and scales of a layer's weights.</summary>
/// <param name="Codes">Integers [outputs][depth].</param>
/// <param name="Scales">Scale of each output channel [outputs], for the input as the layer sees it; 1 for a channel of zeros.</param>
/// <param name="Error">Squared error of the output over the patches, less the float output's power (which no choice changes).</param>
internal sealed record LayerSolution(short[] Codes, double[] Scales, double Error);

/// <summary>Solves the output channels of a layer side by side; each depends on its own weights and the moments of its group's input alone.</summary>
internal static class LayerSolver
{
    /// <summary>Solves a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="options">Options.</param>
    /// <param name="input">The activations' codes and scales; null keeps them float.</param>
    /// <param name="lowered">Patch rows, by group and most rows, as the quantized layer sees them; null for those of the float layer.</param>
    /// <returns>The solution.</returns>
    public static LayerSolution Solve(DotProductLayer layer, BitSplitOptions options, CodedInput? input, Func<int, int, PatchRows>? lowered = null)
    {
        var solution = new LayerSolution(new short[layer.Outputs * layer.Depth], new double[layer.Outputs], 0);
        var errors = new double[layer.Outputs];
        var outputs = layer.Outputs / layer.Groups;
        var threads = layer.Input.Threads;
        Threading.ForEach(layer.Groups == 1 ? 1 : threads, layer.Groups, group =>
        {
            var inner = layer.Groups == 1 ? threads : 1;
            var rows = layer.Input.Patches(group, options.Patches);
            var seen = lowered?.Invoke(group, options.Patches) ?? rows;
            if (input is not null) seen = input.Encode(seen, group);
            var moments = ReferenceEquals(seen, rows) ? ResponseMoments.Of(rows, inner) : ResponseMoments.Of(rows, seen, inner);
            Threading.ForEach(inner, outputs, i =>
            {
                var m = (group * outputs) + i;
                errors[m] = SolveChannel(layer, m, options, input, moments, solution);
            });
        });
        return solution with { Error = errors.Sum() };
    }

    /// <summary>Integers by the error of the weights alone.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="bits">Bits of a weight.</param>
    /// <returns>The solution, without an error.</returns>
    public static LayerSolution Fit(DotProductLayer layer, int bits)
    {
        var solution = new LayerSolution(new short[layer.Outputs * layer.Depth], new double[layer.Outputs], 0);
        Threading.ForEach(layer.Input.Threads, layer.Outputs, m => Store(IsZero(layer.Row(m)) ? null : WeightFit.Of(Weights(layer, m, null), bits), m, solution));
        return solution;
    }

    private static double SolveChannel(DotProductLayer layer, int m, BitSplitOptions options, CodedInput? input, ResponseMoments moments, LayerSolution solution)
    {
        if (IsZero(layer.Row(m)))
        {
            Store(null, m, solution);
            return 0;
        }

        var planes = WeightFit.Of(Weights(layer, m, input), options.WeightBits);
        var response = moments.Response(Weights(layer, m, null));
        var solver = new ResponseSolver(moments, planes.Count);
        if (options.Objective == DigitObjective.Output) solver.Solve(planes, response, options.Epochs);
        Store(planes, m, solution);
        return solver.Error(planes, response, power: 0);
    }

    /// <summary>A channel's weights in double, times the scales of the input channels where the input is coded.</summary>
    private static double[] Weights(DotProductLayer layer, int m, CodedInput? input)
    {
        var weights = new double[layer.Depth];
        for (var k = 0; k < weights.Length; k++) weights[k] = layer.Row(m)[k] * (input is null ? 1.0 : input.Scale(layer.InputChannel(m, k)));
        return weights;
    }

    private static void Store(DigitPlanes? planes, int m, LayerSolution solution)
    {
        var scale = (float)(planes?.IntegerScale ?? 0);
        solution.Scales[m] = scale == 0 ? 1 : planes!.IntegerScale;
        if (scale == 0) return;
        var codes = planes!.Stitch();
        for (var n = 0; n < codes.Length; n++) solution.Codes[(m * codes.Length) + n] = (short)codes[n];
    }

    private static bool IsZero(ReadOnlySpan<float> row) => !row.ContainsAnyExcept(0f);
}
