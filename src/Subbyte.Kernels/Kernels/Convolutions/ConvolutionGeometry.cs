namespace Subbyte.Kernels;

/// <summary>
/// Sizes of a two-dimensional convolution over one NHWC image: input map [height][width][channels], output map
/// [outHeight][outWidth][outChannels], patch row index <c>k = (i·kernelWidth + j)·channelsPerGroup + c</c> (channel fastest).
/// A one-dimensional convolution has height 1; a fully connected layer is a 1×1 convolution over one position.
/// </summary>
public sealed record ConvolutionGeometry
{
    /// <summary>Input height in pixels.</summary>
    public required int InHeight { get; init; }

    /// <summary>Input width in pixels.</summary>
    public required int InWidth { get; init; }

    /// <summary>Input channels, all groups together.</summary>
    public required int InChannels { get; init; }

    /// <summary>Output channels, all groups together.</summary>
    public required int OutChannels { get; init; }

    /// <summary>Kernel height.</summary>
    public int KernelHeight { get; init; } = 1;

    /// <summary>Kernel width.</summary>
    public int KernelWidth { get; init; } = 1;

    /// <summary>Vertical stride.</summary>
    public int StrideHeight { get; init; } = 1;

    /// <summary>Horizontal stride.</summary>
    public int StrideWidth { get; init; } = 1;

    /// <summary>Rows of padding above the image.</summary>
    public int PadTop { get; init; }

    /// <summary>Columns of padding left of the image.</summary>
    public int PadLeft { get; init; }

    /// <summary>Rows of padding below the image.</summary>
    public int PadBottom { get; init; }

    /// <summary>Columns of padding right of the image.</summary>
    public int PadRight { get; init; }

    /// <summary>Vertical dilation.</summary>
    public int DilationHeight { get; init; } = 1;

    /// <summary>Horizontal dilation.</summary>
    public int DilationWidth { get; init; } = 1;

    /// <summary>Number of groups; input and output channels are multiples of it.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Output height: ⌊(inHeight + pads − dilated kernel) / stride⌋ + 1.</summary>
    public int OutHeight => ((InHeight + PadTop + PadBottom - (((KernelHeight - 1) * DilationHeight) + 1)) / StrideHeight) + 1;

    /// <summary>Output width, likewise.</summary>
    public int OutWidth => ((InWidth + PadLeft + PadRight - (((KernelWidth - 1) * DilationWidth) + 1)) / StrideWidth) + 1;

    /// <summary>Output positions of one image, <c>N</c> of the patch matrix.</summary>
    public int Positions => OutHeight * OutWidth;

    /// <summary>Input channels of one group.</summary>
    public int ChannelsPerGroup => InChannels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int OutputsPerGroup => OutChannels / Groups;

    /// <summary>Length of one patch row of one group, <c>K</c>.</summary>
    public int Depth => KernelHeight * KernelWidth * ChannelsPerGroup;

    /// <summary>Whether every group has one input and one output channel.</summary>
    public bool IsDepthwise => Groups > 1 && Groups == InChannels && InChannels == OutChannels;

    /// <summary>Whether a patch row is an input pixel as it stands: 1×1 kernel, stride 1, no padding, one group.</summary>
    public bool IsPointwise => Groups == 1 && KernelHeight == 1 && KernelWidth == 1 && StrideHeight == 1 && StrideWidth == 1
        && PadTop == 0 && PadLeft == 0 && PadBottom == 0 && PadRight == 0;

    /// <summary>Output positions of one image at which a kernel position lies inside the image and not in its padding.</summary>
    /// <param name="row">Row of the kernel, from 0.</param>
    /// <param name="column">Column of the kernel, from 0.</param>
    /// <returns>0 … <see cref="Positions"/>.</returns>
    public int PositionsInside(int row, int column)
        => Inside(OutHeight, StrideHeight, (row * DilationHeight) - PadTop, InHeight) * Inside(OutWidth, StrideWidth, (column * DilationWidth) - PadLeft, InWidth);

    private static int Inside(int count, int stride, int offset, int length)
    {
        var inside = 0;
        for (var i = 0; i < count; i++) inside += (i * stride) + offset >= 0 && (i * stride) + offset < length ? 1 : 0;
        return inside;
    }

    /// <summary>Multiply-accumulates for one image.</summary>
    public long Macs => (long)Positions * OutChannels * Depth;
}
