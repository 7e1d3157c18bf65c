using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>
/// The pixels under a sliding kernel: byte offsets from the pixel under the kernel's first element, and which kernel elements they meet. Where
/// the whole kernel lies inside the image, the lists are always the same; at the edges they are made anew.
/// </summary>
internal unsafe struct SlidingTaps
{
    /// <summary>Elements of the lists that a caller keeps on the stack; a larger kernel takes working memory.</summary>
    public const int MostOnStack = 4096;

    private readonly ConvolutionGeometry _g;
    private readonly nint _pixel, _weightStride, _outside;
    private readonly bool _keepsOutside;
    private readonly nint* _lists;
    private readonly int _length, _firstRow, _endRow, _firstColumn, _endColumn;

    /// <summary>Taps of a convolution.</summary>
    /// <param name="g">Sizes.</param>
    /// <param name="pixel">Bytes of a pixel.</param>
    /// <param name="weightStride">Weights from one kernel element to the next.</param>
    /// <param name="lists">Room for four numbers per kernel element.</param>
    /// <param name="outside">Byte offset, from the map, of the pixel that stands for all outside the image; none: they are left out.</param>
    public SlidingTaps(ConvolutionGeometry g, nint pixel, nint weightStride, nint* lists, nint? outside = null)
    {
        _g = g;
        _pixel = pixel;
        _weightStride = weightStride;
        _lists = lists;
        _length = g.KernelHeight * g.KernelWidth;
        _keepsOutside = outside.HasValue;
        _outside = outside.GetValueOrDefault();
        (_firstRow, _endRow) = Interior(g.PadTop, g.StrideHeight, (g.KernelHeight - 1) * g.DilationHeight, g.InHeight);
        (_firstColumn, _endColumn) = Interior(g.PadLeft, g.StrideWidth, (g.KernelWidth - 1) * g.DilationWidth, g.InWidth);
        for (var k = 0; k < _length; k++)
        {
            lists[k] = Offset(k / g.KernelWidth, k % g.KernelWidth);
            lists[_length + k] = k * weightStride;
        }
    }

    /// <summary>Byte offset, from the map, of the pixel under the kernel's first element; outside the image it is not to be read.</summary>
    public nint Origin { get; private set; }

    /// <summary>Byte offsets of the pixels from <see cref="Origin"/>.</summary>
    public nint* Pixels { get; private set; }

    /// <summary>Offsets of the weights that they meet.</summary>
    public nint* Weights { get; private set; }

    /// <summary>Number of pixels.</summary>
    public int Count { get; private set; }

    /// <summary>Moves to an output position.</summary>
    /// <param name="row">Output row.</param>
    /// <param name="column">Output column.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MoveTo(int row, int column)
    {
        int top = (row * _g.StrideHeight) - _g.PadTop, left = (column * _g.StrideWidth) - _g.PadLeft;
        Origin = (((nint)top * _g.InWidth) + left) * _pixel;
        Pixels = _lists;
        Weights = _lists + _length;
        Count = _length;
        if (row < _firstRow || row >= _endRow || column < _firstColumn || column >= _endColumn) ListEdge(top, left);
    }

    /// <summary>Output positions, from and to, at which the kernel lies inside the image along one axis.</summary>
    private static (int First, int End) Interior(int pad, int stride, int reach, int size)
        => ((pad + stride - 1) / stride, size - 1 - reach + pad < 0 ? 0 : ((size - 1 - reach + pad) / stride) + 1);

    private readonly nint Offset(int i, int j) => (((nint)i * _g.DilationHeight * _g.InWidth) + (j * _g.DilationWidth)) * _pixel;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ListEdge(int top, int left)
    {
        Pixels = _lists + (2 * _length);
        Weights = _lists + (3 * _length);
        Count = 0;
        for (var k = 0; k < _length; k++)
        {
            var (i, j) = Math.DivRem(k, _g.KernelWidth);
            int y = top + (i * _g.DilationHeight), x = left + (j * _g.DilationWidth);
            var inside = y >= 0 && y < _g.InHeight && x >= 0 && x < _g.InWidth;
            if (!inside && !_keepsOutside) continue;
            Pixels[Count] = inside ? Offset(i, j) : _outside - Origin;
            Weights[Count++] = k * _weightStride;
        }
    }
}
