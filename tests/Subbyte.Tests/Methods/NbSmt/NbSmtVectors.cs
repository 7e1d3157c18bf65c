using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods.NbSmt;
using Subbyte.Methods.Sparq;
using Subbyte.Tests.Methods.Sparq;

namespace Subbyte.Tests.Methods.NbSmt;

/// <summary>The specification's vectors, and layers made for tests.</summary>
internal static class NbSmtVectors
{
    /// <summary>Every policy, split and number of threads for which the method is defined.</summary>
    public static TheoryData<string, int, ThreadSplit, bool> Settings
    {
        get
        {
            var settings = new TheoryData<string, int, ThreadSplit, bool>();
            foreach (var policy in SqueezePolicy.All)
            {
                foreach (var threads in policy.UsesIdleThreads ? [2, 4] : new[] { 2 })
                {
                    foreach (var split in Enum.GetValues<ThreadSplit>()) settings.Add(policy.Name, threads, split, false);
                    settings.Add(policy.Name, threads, ThreadSplit.Channel, true);
                }
            }

            return settings;
        }
    }

    public static IReadOnlyList<VectorRow> Rows(string name) => VectorTable.Read($"Methods/NbSmt/{name}.vectors.txt");

    /// <summary>The operands of the long dot product, drawn by the specification's generator.</summary>
    public static (short[] Activations, short[] Weights) LongOperands()
    {
        var state = 12345u;
        var (activations, weights) = (new short[576], new short[576]);
        for (var k = 0; k < activations.Length; k++)
        {
            var value = Draw();
            activations[k] = (short)(Draw() < 115 ? 0 : value);
            weights[k] = (short)(Draw() < 26 ? 0 : Draw() - 128);
        }

        return (activations, weights);

        int Draw()
        {
            state = unchecked((state * 1664525u) + 1013904223u);
            return (int)(state >> 24);
        }
    }

    /// <summary>A layer of one output whose codes are given: 8-bit activations of step 1.</summary>
    public static LoweredLayer Lower(short[] weights, NbSmtOptions options)
    {
        var draft = new LayerDraft(SparqLayers.Of(new float[weights.Length]));
        draft.Fill(new WeightCodes("codes", [new WeightPlane(weights, [1], 8)], 8 * weights.Length));
        draft.Fill(new UniformActivations("codes", CodeRange.Unsigned(8), 1, 0, 8, Rounding.HalfEven));
        return new NbSmtDatapath(options).Lower(draft);
    }

    /// <summary>A random layer with statistics of its channels.</summary>
    public static DotProductLayer Random(Random random, ConvolutionGeometry geometry)
    {
        var layer = SparqLayers.Random(random, geometry, sparse: false);
        var activity = Enumerable.Range(0, geometry.InChannels).Select(_ => new ChannelActivity(random.Next(5), random.Next(3))).ToArray();
        return new DotProductLayer
        {
            Name = layer.Name,
            Index = layer.Index,
            Kind = layer.Kind,
            Positions = layer.Positions,
            Outputs = layer.Outputs,
            Depth = layer.Depth,
            KernelHeight = layer.KernelHeight,
            KernelWidth = layer.KernelWidth,
            Weights = layer.Weights,
            Bias = layer.Bias,
            Input = new Lowering.SampleStatistics(0, 1) { ChannelActivity = activity },
        };
    }

    /// <summary>Lowers a layer, every slot the method's own.</summary>
    public static LoweredLayer Lower(DotProductLayer layer, NbSmtOptions options)
    {
        var draft = new LayerDraft(layer);
        new NbSmtMethod(options).Fill(draft);
        draft.Datapath!.FillEmptySlots(draft);
        draft.Datapath.Refuses(draft).ShouldBeNull();
        return draft.Datapath.Lower(draft);
    }

    /// <summary>The arrangement that a lowering uses.</summary>
    public static ThreadArrangement Threads(DotProductLayer layer, NbSmtOptions options)
        => ThreadArrangement.Of(layer, options.Threads, options.Split, options.Reorder ? ChannelOrder.Of(layer.Input.ChannelActivity) : null);

    /// <summary>The weight codes that the method gives a layer.</summary>
    public static short[] Weights(DotProductLayer layer) => SparqQuantizers.Weights(layer, wide: true).Single.Codes;
}
