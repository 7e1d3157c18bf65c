namespace Subbyte.Kernels;

/// <summary>The part of a sliding window that lies inside the image, for one output position after another.</summary>
/// <param name="g">Sizes of the sliding window.</param>
internal struct SlidingWindow(ConvolutionGeometry g)
{
    private readonly int _outWidth = g.OutWidth;
    private int _top;
    private int _left;

    /// <summary>First kernel row inside the image.</summary>
    public int FirstRow { get; private set; }

    /// <summary>Kernel row after the last inside the image.</summary>
    public int EndRow { get; private set; }

    /// <summary>First kernel column inside the image.</summary>
    public int FirstColumn { get; private set; }

    /// <summary>Kernel column after the last inside the image.</summary>
    public int EndColumn { get; private set; }

    /// <summary>Number of kernel elements inside the image.</summary>
    public readonly int Count => Math.Max(0, EndRow - FirstRow) * Math.Max(0, EndColumn - FirstColumn);

    /// <summary>Moves to an output position.</summary>
    /// <param name="position">Output position, row-major.</param>
    public void MoveTo(int position)
    {
        var (y, x) = Math.DivRem(position, _outWidth);
        _top = (y * g.StrideHeight) - g.PadTop;
        _left = (x * g.StrideWidth) - g.PadLeft;
        (FirstRow, EndRow) = Inside(_top, g.DilationHeight, g.KernelHeight, g.InHeight);
        (FirstColumn, EndColumn) = Inside(_left, g.DilationWidth, g.KernelWidth, g.InWidth);
    }

    /// <summary>Whether a kernel element is inside the image.</summary>
    /// <param name="row">Kernel row.</param>
    /// <param name="column">Kernel column.</param>
    public readonly bool Contains(int row, int column) => row >= FirstRow && row < EndRow && column >= FirstColumn && column < EndColumn;

    /// <summary>Index of the first channel of the pixel under a kernel element inside the image.</summary>
    /// <param name="row">Kernel row.</param>
    /// <param name="column">Kernel column.</param>
    public readonly int Pixel(int row, int column)
        => (((_top + (row * g.DilationHeight)) * g.InWidth) + _left + (column * g.DilationWidth)) * g.InChannels;

    private static (int First, int End) Inside(int start, int dilation, int kernel, int size)
    {
        var first = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
        if (start + ((kernel - 1) * dilation) < size) return (first, kernel);
        var end = start >= size ? 0 : ((size - start - 1) / dilation) + 1;
        return (first, end);
    }
}
