using Subbyte.Lowering;

namespace Subbyte.Methods.Training;

/// <summary>Finds the codes of weights that a training has left on binary or ternary levels, one magnitude an output channel.</summary>
internal static class LevelWeights
{
    /// <summary>The codes.</summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="bits">1 for ±s, 2 where 0 is a level too.</param>
    /// <returns>Codes −1, 0, 1 and each channel's magnitude, which give the weights back exactly.</returns>
    /// <exception cref="UserErrorException">The weights lie elsewhere.</exception>
    public static WeightCodes Of(string method, DotProductLayer layer, int bits)
    {
        var codes = new short[layer.Outputs * layer.Depth];
        var scales = new float[layer.Outputs];
        for (var m = 0; m < layer.Outputs; m++)
        {
            var row = layer.Row(m);
            var magnitude = 0f;
            foreach (var weight in row) magnitude = Math.Max(magnitude, Math.Abs(weight));
            for (var k = 0; k < row.Length; k++)
            {
                if (Math.Abs(row[k]) != magnitude && (row[k] != 0 || bits == 1)) throw Elsewhere(method, layer, m, bits);
                codes[(m * layer.Depth) + k] = (short)Math.Sign(row[k]);
            }

            scales[m] = magnitude > 0 ? magnitude : 1;
        }

        return new WeightCodes(method, [new WeightPlane(codes, scales, bits)], ((long)bits * codes.Length) + (32L * layer.Outputs));
    }

    private static UserErrorException Elsewhere(string method, DotProductLayer layer, int output, int bits)
        => new($"layer '{layer.Name}': the weights of output {output} are not {(bits == 1 ? "two levels ±s" : "−s, 0 and s")}, so {method} cannot take them as they are; train the network with '{method}' first ('subbyte train'), or name the layers that were, with layers=");
}
