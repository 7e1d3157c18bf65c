using Subbyte.Networks;

namespace Subbyte.Training;

/// <summary>
/// Networks that can be named instead of a file: <c>mlp</c>, <c>lenet5</c>, <c>vgg-small</c>, <c>resnet20</c>, <c>resnet32</c>, <c>resnet44</c>, <c>resnet56</c> (with the
/// stem and the shortcuts for CIFAR), <c>resnet18</c>, and the forms of ResNet-20 for binary and ternary layers, with a shortcut around each convolution: <c>resnet20-bireal</c> and
/// <c>resnet20-prelu</c>.
/// </summary>
public static partial class BuiltInNetworks
{
    private static readonly Dictionary<string, Action<Definition>> Definitions = new(StringComparer.Ordinal)
    {
        ["mlp"] = Perceptron,
        ["lenet5"] = LeNet5,
        ["vgg-small"] = VggSmall,
        ["resnet20"] = definition => CifarResNet(definition, blocks: 3),
        ["resnet32"] = definition => CifarResNet(definition, blocks: 5),
        ["resnet44"] = definition => CifarResNet(definition, blocks: 7),
        ["resnet56"] = definition => CifarResNet(definition, blocks: 9),
        ["resnet18"] = ResNet18,
        ["resnet20-bireal"] = BiRealResNet,
        ["resnet20-prelu"] = SlopedResNet,
    };

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Definitions.Keys];

    /// <summary>Makes a network with initial weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="sampleShape">Shape of a sample: channels, height, width.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="preprocessing">What the network expects to be done to stored values.</param>
    /// <param name="options">Sizes and seed.</param>
    /// <returns>The network, untrained.</returns>
    /// <exception cref="UserErrorException">There is no such network, or samples are too small for it.</exception>
    public static Network Create(string name, ReadOnlySpan<int> sampleShape, int classes, Preprocessing preprocessing, BuiltInNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Definitions.TryGetValue(name, out var define)) throw new UserErrorException($"network '{name}' is not built in; there are {string.Join(", ", Names)}");
        if (sampleShape.Length != 3) throw new UserErrorException($"{name} takes images [channels, height, width], not [{string.Join(",", sampleShape.ToArray())}]");
        var definition = new Definition(name, new NetworkBuilder(name, sampleShape, options.Seed), classes, options);
        definition.Value = definition.Builder.Input;
        define(definition);
        return definition.Builder.Build(definition.Value, preprocessing);
    }

    /// <summary>Linear layers with ReLU between them: 784-512-512-10 with the default options on MNIST.</summary>
    private static void Perceptron(Definition net)
    {
        net.Value = net.Builder.Flatten("flatten", net.Value);
        for (var i = 0; i < net.Options.Hidden.Count; i++)
        {
            net.Value = net.Builder.Linear($"fc{i + 1}", net.Value, net.Options.Hidden[i]);
            if (net.Options.BatchNormalization) net.Value = net.Builder.BatchNormalization($"bn{i + 1}", net.Value);
            net.Value = net.Builder.Relu($"relu{i + 1}", net.Value);
            net.Drop($"drop{i + 1}");
        }

        net.Value = net.Builder.Linear("logits", net.Value, net.Classes);
    }

    /// <summary>
    /// LeNet-5 (LeCun et al., "Gradient-based learning applied to document recognition", 1998) with today's parts: ReLU, maxima, a softmax. Two 5×5 convolutions
    /// of 6 and 16 channels, linear layers of 120 and 84.
    /// </summary>
    private static void LeNet5(Definition net)
    {
        net.RequireSize(12);
        net.Value = Stage("1", 6, padding: 2);
        net.Value = Stage("2", 16, padding: 0);
        net.Value = net.Builder.Flatten("flatten", net.Value);
        net.Value = net.Builder.Relu("relu3", net.Normalize("bn3", net.Builder.Linear("fc3", net.Value, 120)));
        net.Value = net.Builder.Relu("relu4", net.Normalize("bn4", net.Builder.Linear("fc4", net.Value, 84)));
        net.Drop("drop4");
        net.Value = net.Builder.Linear("fc5", net.Value, net.Classes);

        LayerValue Stage(string suffix, int channels, int padding)
        {
            var x = net.Builder.Convolution($"conv{suffix}", net.Value, channels, kernel: 5, bias: !net.Options.BatchNormalization, padding: padding);
            return net.Builder.MaxPool($"pool{suffix}", net.Builder.Relu($"relu{suffix}", net.Normalize($"bn{suffix}", x)), 2);
        }
    }

    /// <summary>The small VGG of the binary and ternary papers: 2×128, 2×256, 2×512 3×3 convolutions times the width, each pair before a maximum, then one linear layer.</summary>
    private static void VggSmall(Definition net)
    {
        net.RequireSize(8);
        for (var i = 0; i < 6; i++)
        {
            net.Value = net.Builder.Unit($"{i + 1}", net.Value, net.Width(128 << (i / 2)), kernel: 3);
            if (i % 2 == 1) net.Value = net.Builder.MaxPool($"pool{(i / 2) + 1}", net.Value, 2);
        }

        net.Value = net.Builder.Flatten("flatten", net.Value);
        net.Drop("drop7");
        net.Value = net.Builder.Linear("fc7", net.Value, net.Classes);
    }

    /// <summary>The residual networks of He et al. (CVPR 2016) for CIFAR-10: 6n + 2 layers, n = <paramref name="blocks"/>.</summary>
    private static void CifarResNet(Definition net, int blocks)
    {
        net.RequireSize(8);
        net.Value = net.Builder.Unit("1", net.Value, net.Width(16), kernel: 3);
        for (var stage = 0; stage < 3; stage++)
        {
            for (var block = 0; block < blocks; block++)
            {
                var stride = stage > 0 && block == 0 ? 2 : 1;
                var channels = net.Width(16 << stage);
                net.Residual($"layer{stage + 1}.{block}", channels, stride, name => net.Builder.Shortcut(name, net.Value, channels, stride));
            }
        }

        net.Classify();
    }

    /// <summary>ResNet-18 of He et al. with 1×1 convolutions where the size changes; a 3×3 stem for images below 64 pixels, 7×7 and a maximum above.</summary>
    private static void ResNet18(Definition net)
    {
        net.RequireSize(16);
        if (net.Value.Shape[1] < 64)
        {
            net.Value = net.Builder.Unit("1", net.Value, net.Width(64), kernel: 3);
        }
        else
        {
            net.Value = net.Builder.Unit("1", net.Value, net.Width(64), kernel: 7, stride: 2);
            net.Value = net.Builder.MaxPool("pool1", net.Value, 2);
        }

        for (var stage = 0; stage < 4; stage++)
        {
            for (var block = 0; block < 2; block++)
            {
                var stride = stage > 0 && block == 0 ? 2 : 1;
                var channels = net.Width(64 << stage);
                net.Residual($"layer{stage + 1}.{block}", channels, stride, name => channels == net.Value.Shape[0] ? net.Value
                    : net.Builder.BatchNormalization($"{name}.bn", net.Builder.Convolution($"{name}.conv", net.Value, channels, kernel: 1, stride: stride)));
            }
        }

        net.Classify();
    }

    private sealed class Definition(string name, NetworkBuilder builder, int classes, BuiltInNetworkOptions options)
    {
        public string Name => name;

        public NetworkBuilder Builder => builder;

        public int Classes => classes;

        public BuiltInNetworkOptions Options => options;

        /// <summary>What the last layer gives.</summary>
        public LayerValue Value { get; set; } = builder.Input;

        public int Width(int channels) => Math.Max(1, (int)Math.Round(channels * options.Width));

        public LayerValue Normalize(string node, LayerValue value) => options.BatchNormalization ? builder.BatchNormalization(node, value) : value;

        public void Drop(string node)
        {
            if (options.Dropout > 0) Value = builder.Dropout(node, Value, options.Dropout);
        }

        public void RequireSize(int pixels)
        {
            if (Math.Min(Value.Shape[1], Value.Shape[2]) < pixels) throw new UserErrorException($"{name} needs images of at least {pixels}×{pixels} pixels, not {Value.Shape[1]}×{Value.Shape[2]}");
        }

        public void Residual(string block, int channels, int stride, Func<string, LayerValue> shortcut)
        {
            var x = builder.Convolution($"{block}.conv1", Value, channels, kernel: 3, stride: stride);
            x = builder.Relu($"{block}.relu1", builder.BatchNormalization($"{block}.bn1", x));
            x = builder.BatchNormalization($"{block}.bn2", builder.Convolution($"{block}.conv2", x, channels, kernel: 3));
            Value = builder.Relu($"{block}.relu2", builder.Sum($"{block}.add", x, shortcut($"{block}.shortcut")));
        }

        public void Classify()
        {
            Value = builder.GlobalAveragePool("pool", Value);
            Drop("drop");
            Value = builder.Linear("fc", Value, classes);
        }
    }
}
