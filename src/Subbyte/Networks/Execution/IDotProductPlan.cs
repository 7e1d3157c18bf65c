using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Networks.Execution;

/// <summary>A planned node that is a dot-product layer.</summary>
public interface IDotProductPlan
{
    /// <summary>Node name.</summary>
    string LayerName { get; }

    /// <summary>Kind of layer.</summary>
    LayerKind Kind { get; }

    /// <summary>
    /// Geometry of one sample. A fully connected layer is a pointwise convolution over one position (or as many as the sample has rows).
    /// </summary>
    ConvolutionGeometry Geometry { get; }

    /// <summary>Samples of one run.</summary>
    int Batch { get; }

    /// <summary>Float weights [outputs][depth], k channel-fastest.</summary>
    ReadOnlyMemory<float> Weights { get; }

    /// <summary>Float bias [outputs].</summary>
    ReadOnlyMemory<float> Bias { get; }

    /// <summary>How the layer is lowered, or null when it runs in fp32.</summary>
    LoweredLayer? Lowered { get; }

    /// <summary>The kernel that multiplies; the first term's where a lowered layer has several.</summary>
    ProductKernel Kernel { get; }
}

/// <summary>A planned node that clamps: it may be taken into the node before it.</summary>
internal interface IClip
{
    float Lowest { get; }

    float Highest { get; }
}
