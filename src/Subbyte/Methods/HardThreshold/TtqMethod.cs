using Subbyte.Lowering;
using Subbyte.Methods.Binary;
using Subbyte.Methods.Training;

namespace Subbyte.Methods.HardThreshold;

/// <summary>Trained ternary quantization (Zhu et al., ICLR 2017): weights −W_n, 0, W_p with both scales trained. Inference takes two groups of products, W⁺ and W⁻.</summary>
/// <param name="options">Options.</param>
public sealed class TtqMethod(TtqOptions options) : ILayerMethod, ITrainingMethod
{
    /// <summary>Name in recipes.</summary>
    public const string Name = "ttq";

    /// <summary>The registration.</summary>
    public static MethodDescriptor Descriptor { get; } = MethodDescriptor.Define<TtqOptions>(
        Name,
        "trained: ternary weights with trained scales of their own for positive and negative ones",
        "C. Zhu, S. Han, H. Mao, W. J. Dally, \"Trained Ternary Quantization\", ICLR 2017",
        options => new TtqMethod(options));

    /// <inheritdoc/>
    public bool CoversEnds => false;

    /// <inheritdoc/>
    public ITrainableWeights? Weights(TrainableLayer layer) => BinaryLayers.Covers(layer) ? new TtqWeights(layer.Outputs, layer.Depth, options) : null;

    /// <inheritdoc/>
    public ITrainableActivations? Activations(TrainableLayer layer) => null;

    /// <inheritdoc/>
    public void Fill(LayerDraft draft)
    {
        draft.Fill(Recover(draft.Layer));
        draft.Fill(new TrainedProduct(Name));
    }

    /// <summary>Codes in two planes.</summary>
    /// <param name="positive">1 where a weight is W_p.</param>
    /// <param name="negative">−1 where it is −W_n.</param>
    /// <param name="positiveScales">W_p of each output channel: one number, unless batch norms were folded in.</param>
    /// <param name="negativeScales">W_n of each output channel.</param>
    /// <returns>The codes: two bits a weight and two scales.</returns>
    internal static WeightCodes Codes(short[] positive, short[] negative, float[] positiveScales, float[] negativeScales)
        => new(Name, [new WeightPlane(positive, positiveScales, 1), new WeightPlane(negative, negativeScales, 1)], (2L * positive.Length) + 64);

    private static WeightCodes Recover(DotProductLayer layer)
    {
        var (positive, negative) = (new short[layer.Outputs * layer.Depth], new short[layer.Outputs * layer.Depth]);
        var (positiveScales, negativeScales) = (new float[layer.Outputs], new float[layer.Outputs]);
        for (var m = 0; m < layer.Outputs; m++)
        {
            var row = layer.Row(m);
            var (largest, smallest) = (0f, 0f);
            foreach (var weight in row) (largest, smallest) = (Math.Max(largest, weight), Math.Min(smallest, weight));
            for (var k = 0; k < row.Length; k++)
            {
                if (row[k] != 0 && row[k] != largest && row[k] != smallest)
                    throw new UserErrorException($"layer '{layer.Name}': its weights are not three levels, so {Name} cannot take them as they are; train the network with '{Name}' first ('subbyte train'), or name the layers that were, with layers=");
                positive[(m * layer.Depth) + k] = (short)(row[k] > 0 ? 1 : 0);
                negative[(m * layer.Depth) + k] = (short)(row[k] < 0 ? -1 : 0);
            }

            (positiveScales[m], negativeScales[m]) = (largest > 0 ? largest : 1, smallest < 0 ? -smallest : 1);
        }

        return Codes(positive, negative, positiveScales, negativeScales);
    }
}
