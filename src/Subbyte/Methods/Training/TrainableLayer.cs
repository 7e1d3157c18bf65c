using Subbyte.Lowering;

namespace Subbyte.Methods.Training;

/// <summary>What a training method sees of a layer with trained weights: <c>Y[n,m] = Σk P[n,k]·W[m,k] + bias[m]</c>, k channel-fastest.</summary>
public sealed record TrainableLayer
{
    /// <summary>The layer's name: its node's name.</summary>
    public required string Name { get; init; }

    /// <summary>Position among the network's layers, from 0, in execution order.</summary>
    public required int Index { get; init; }

    /// <summary>Number of such layers in the network.</summary>
    public required int Count { get; init; }

    /// <summary>What kind of operator it is.</summary>
    public required LayerKind Kind { get; init; }

    /// <summary>Output channels of all groups.</summary>
    public required int Outputs { get; init; }

    /// <summary>Length of one dot product: kernel positions × channels of one group; the n of a filter.</summary>
    public required int Depth { get; init; }

    /// <summary>Number of groups.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Kernel positions: height × width; 1 for a fully connected layer.</summary>
    public int KernelPositions { get; init; } = 1;

    /// <summary>Whether its input comes out of a ReLU, perhaps by way of pooling or reshaping: no value is negative.</summary>
    public bool InputIsNonNegative { get; init; }

    /// <summary>Input channels of all groups.</summary>
    public int InputChannels => Depth / KernelPositions * Groups;

    /// <summary>Whether it is the network's first layer, which reads the data.</summary>
    public bool IsFirst => Index == 0;

    /// <summary>Whether it is the network's last layer, which makes the logits.</summary>
    public bool IsLast => Index == Count - 1;

    /// <summary>Whether it is the first or the last layer.</summary>
    public bool IsEnd => IsFirst || IsLast;

    /// <summary>Whether it is a 1×1 convolution on a shortcut, by which residual networks change sizes.</summary>
    public bool IsShortcut { get; init; }
}
