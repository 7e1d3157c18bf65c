namespace Subbyte.Training;

/// <content>
/// ResNet-20 with a shortcut around each convolution: stem, three stages of six convolutions with 16, 32 and 64 channels, global average, linear layer. A batch norm and a ReLU stand before
/// each convolution; a method's own activation takes the ReLU's place.
/// </content>
public static partial class BuiltInNetworks
{
    private const int ConvolutionsOfStage = 6;

    /// <summary>The blocks of Liu et al. ("Bi-Real Net", ECCV 2018), as Si-BNN has them: where the size changes, a 1×1 convolution, batch norm and mean; a ReLU before the global average.</summary>
    private static void BiRealResNet(Definition net)
    {
        Stages(net, net.Builder.BatchNormalization("bn1", Stem(net)), (_, value) => value, Shortcut);
        net.Value = net.Builder.Relu("relu", net.Value);
        net.Classify();

        LayerValue Shortcut(string name, LayerValue input, int channels, int stride)
        {
            if (stride == 1) return input;
            var x = net.Builder.Convolution($"{name}.conv", input, channels, kernel: 1);
            return net.Builder.AveragePool($"{name}.mean", net.Builder.BatchNormalization($"{name}.bn", x), stride);
        }
    }

    /// <summary>The blocks of STTN (Xu et al., IJCAI 2020): a PReLU behind each sum; where the size changes, a maximum and channels of zeros.</summary>
    private static void SlopedResNet(Definition net)
    {
        var stem = net.Builder.PRelu("prelu1", net.Builder.BatchNormalization("bn1", Stem(net)));
        Stages(net, stem, (name, value) => net.Builder.PRelu($"{name}.prelu", value), net.Builder.PooledShortcut);
        net.Classify();
    }

    private static LayerValue Stem(Definition net)
    {
        net.RequireSize(8);
        if (net.Value.Shape[1] % 4 != 0 || net.Value.Shape[2] % 4 != 0)
            throw new UserErrorException($"{net.Name} halves images twice; it needs sides that are multiples of 4, not {net.Value.Shape[1]}×{net.Value.Shape[2]}");
        return net.Builder.Convolution("conv1", net.Value, net.Width(16), kernel: 3);
    }

    private static void Stages(Definition net, LayerValue stem, Func<string, LayerValue, LayerValue> after, Func<string, LayerValue, int, int, LayerValue> shortcut)
    {
        net.Value = stem;
        for (var stage = 0; stage < 3; stage++)
        {
            for (var i = 0; i < ConvolutionsOfStage; i++)
            {
                var (name, channels, stride) = ($"layer{stage + 1}.{i}", net.Width(16 << stage), stage > 0 && i == 0 ? 2 : 1);
                var x = net.Builder.Relu($"{name}.relu", net.Builder.BatchNormalization($"{name}.bn1", net.Value));
                x = net.Builder.BatchNormalization($"{name}.bn2", net.Builder.Convolution($"{name}.conv", x, channels, kernel: 3, stride: stride));
                net.Value = after(name, net.Builder.Sum($"{name}.add", x, shortcut($"{name}.shortcut", net.Value, channels, stride)));
            }
        }
    }
}
