using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Subbyte.Kernels;

/// <summary>Where the patches of a padded map lie, in bytes and 32-bit steps: what the loops around the register tiles need.</summary>
/// <param name="LineStride">Bytes from the patches of one output line to those of the next.</param>
/// <param name="LineLength">Patches of a line.</param>
/// <param name="PixelStride">Bytes from one patch of a line to the next.</param>
/// <param name="Runs">Runs of a patch: the kernel's rows.</param>
/// <param name="RunSteps">Steps of a run.</param>
/// <param name="RunStride">Bytes from one run of a patch to the next.</param>
internal readonly record struct PatchLayout(nint LineStride, int LineLength, nint PixelStride, int Runs, int RunSteps, nint RunStride);

/// <summary>
/// A map with its padding around it, in which every patch of a convolution can be read in place: its rows are runs of neighbouring memory.
/// It saves the copies of a patch matrix, of which a 3×3 kernel makes nine. Immutable; safe to share between threads.
/// </summary>
public sealed class PatchMap
{
    // Beyond this the panels of a run leave the first cache, and a layer that deep has so many outputs that copies cost little.
    private const int MostStepsOfRun = 400;

    private readonly ConvolutionGeometry _geometry;
    private readonly int _elementsOfStep;
    private readonly int _pitch;

    private PatchMap(ConvolutionGeometry geometry, int elementsOfStep)
    {
        _geometry = geometry;
        _elementsOfStep = elementsOfStep;
        Channels = (geometry.InChannels + elementsOfStep - 1) / elementsOfStep * elementsOfStep;
        _pitch = (geometry.InWidth + geometry.PadLeft + geometry.PadRight) * Channels;
        Length = checked((geometry.InHeight + geometry.PadTop + geometry.PadBottom) * _pitch);
    }

    /// <summary>Channels of a pixel, padded to whole steps.</summary>
    public int Channels { get; }

    /// <summary>Elements of the padded map.</summary>
    public int Length { get; }

    /// <summary>Elements of a patch, padded channels included: the depth of the weights that it is multiplied by.</summary>
    public int Depth => _geometry.KernelHeight * _geometry.KernelWidth * Channels;

    /// <summary>Patches of one line of the output.</summary>
    public int LineLength => _geometry.OutWidth;

    /// <summary>Lines of the output.</summary>
    public int Lines => _geometry.OutHeight;

    /// <summary>Plans the padded map of a convolution.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="elementsOfStep">Elements that one 32-bit step of the product takes: 1 (floats), 2 (16-bit codes) or 4 (bytes).</param>
    /// <returns>The map, or null where its patches cannot be read in place, or need not.</returns>
    public static PatchMap? For(ConvolutionGeometry geometry, int elementsOfStep)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        if (geometry.Groups != 1 || geometry.DilationWidth != 1 || geometry.IsPointwise || geometry.Positions == 0) return null;
        var channels = ((long)geometry.InChannels + elementsOfStep - 1) / elementsOfStep;
        if (channels * geometry.KernelWidth > MostStepsOfRun) return null;
        var length = ((long)geometry.InHeight + geometry.PadTop + geometry.PadBottom) * ((long)geometry.InWidth + geometry.PadLeft + geometry.PadRight) * channels * elementsOfStep;
        return length > Array.MaxLength / sizeof(int) ? null : new PatchMap(geometry, elementsOfStep);
    }

    /// <summary>Weights in the order of the padded patches: zeros where channels were added.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="weights">Weights [output][kernel row][kernel column][channel].</param>
    /// <returns>The weights with padded channels; the same memory when none were added.</returns>
    public ReadOnlySpan<T> PadWeights<T>(ReadOnlySpan<T> weights)
    {
        if (Channels == _geometry.InChannels) return weights;
        var padded = new T[checked(weights.Length / _geometry.InChannels * Channels)];
        for (var pixel = 0; pixel < weights.Length / _geometry.InChannels; pixel++)
            weights.Slice(pixel * _geometry.InChannels, _geometry.InChannels).CopyTo(padded.AsSpan(pixel * Channels));
        return padded;
    }

    /// <summary>Writes a map with its padding.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="map">One NHWC image.</param>
    /// <param name="padding">Element outside the image.</param>
    /// <param name="padded">Takes <see cref="Length"/> elements; what added channels hold is of no account.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Fill<T>(ReadOnlySpan<T> map, T padding, Span<T> padded) where T : unmanaged
    {
        var g = _geometry;
        if (map.Length < g.InHeight * g.InWidth * g.InChannels || padded.Length < Length)
            throw new ArgumentException($"a map of {map.Length} elements and {padded.Length} elements of room do not serve {g.InHeight}×{g.InWidth}×{g.InChannels}", nameof(map));
        var (left, line) = (g.PadLeft * Channels, g.InWidth * g.InChannels);
        padded[..((g.PadTop * _pitch) + left)].Fill(padding);
        for (var row = 0; row < g.InHeight; row++)
        {
            var target = padded[(((g.PadTop + row) * _pitch) + left)..];
            CopyLine(map.Slice(row * line, line), target);
            // The right padding of a line and the left one of the next are neighbours.
            target.Slice(g.InWidth * Channels, _pitch - (g.InWidth * Channels) - (row == g.InHeight - 1 ? left : 0)).Fill(padding);
        }

        padded.Slice(Length - (g.PadBottom * _pitch), g.PadBottom * _pitch).Fill(padding);
    }

    /// <summary>Checks what a product reads and writes, before pointers are taken.</summary>
    /// <param name="mapLength">Elements of the padded map.</param>
    /// <param name="firstLine">First line of the output.</param>
    /// <param name="lines">Lines.</param>
    /// <param name="depth">Depth of the packed weights.</param>
    /// <param name="elementsOfStep">Elements that a step of the product takes.</param>
    /// <param name="sums">Elements of the result.</param>
    /// <param name="ldc">Elements from one row of sums to the next.</param>
    /// <param name="outputs">Outputs of a row.</param>
    internal void Check(int mapLength, int firstLine, int lines, int depth, int elementsOfStep, int sums, int ldc, int outputs)
    {
        if (elementsOfStep != _elementsOfStep || depth != Depth)
            throw new ArgumentException($"weights of depth {depth} do not fit patches of {Depth}", nameof(depth));
        if (firstLine < 0 || lines < 0 || (long)firstLine + lines > Lines)
            throw new ArgumentOutOfRangeException(nameof(lines), lines, $"lines {firstLine} + {lines} leave {Lines}");
        // The last patch ends inside the map: output sizes are rounded down.
        MatrixProductArguments.Check(mapLength, Length, lines == 0 ? 0 : 1, Length, Length, sums, ldc, outputs);
        MatrixProductArguments.Check(sums, ldc, lines * LineLength, outputs, outputs, sums, ldc, outputs);
    }

    /// <summary>Where the patches lie for elements of 4, 2 or 1 bytes.</summary>
    internal PatchLayout Layout
    {
        get
        {
            nint size = sizeof(int) / _elementsOfStep;
            return new PatchLayout(
                _geometry.StrideHeight * _pitch * size,
                _geometry.OutWidth,
                _geometry.StrideWidth * Channels * size,
                _geometry.KernelHeight,
                _geometry.KernelWidth * Channels / _elementsOfStep,
                _geometry.DilationHeight * _pitch * size);
        }
    }

    /// <summary>Sizes of the convolution.</summary>
    internal ConvolutionGeometry Geometry => _geometry;

    /// <summary>Offset of a pixel of the padded map in elements.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="column">Its place in the line.</param>
    internal int Pixel(int line, int column) => (line * _pitch) + (column * Channels);

    /// <summary>Offset of a patch in elements.</summary>
    /// <param name="line">Line of the output.</param>
    /// <param name="position">Position in the line.</param>
    internal int Patch(int line, int position) => Pixel(line * _geometry.StrideHeight, position * _geometry.StrideWidth);

    /// <summary>Elements from the first one of a line's patches to the last one of another's.</summary>
    /// <param name="firstLine">First line of the output.</param>
    /// <param name="lines">Lines of the output, at least one.</param>
    internal int Extent(int firstLine, int lines)
        => Patch(firstLine + lines - 1, LineLength - 1) - Patch(firstLine, 0) + ((_geometry.KernelHeight - 1) * _geometry.DilationHeight * _pitch) + (_geometry.KernelWidth * Channels);

    /// <summary>Copies the patches of a line, for kernels that need them as rows.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="padded">Padded map.</param>
    /// <param name="line">Line of the output.</param>
    /// <param name="rows">Takes <see cref="LineLength"/> rows of <see cref="Depth"/> elements.</param>
    internal void CopyPatches<T>(ReadOnlySpan<T> padded, int line, Span<T> rows)
    {
        var run = _geometry.KernelWidth * Channels;
        for (var position = 0; position < LineLength; position++)
        {
            for (var i = 0; i < _geometry.KernelHeight; i++)
                padded.Slice(Patch(line, position) + (i * _geometry.DilationHeight * _pitch), run).CopyTo(rows[((position * Depth) + (i * run))..]);
        }
    }

    private void CopyLine<T>(ReadOnlySpan<T> line, Span<T> target) where T : unmanaged
    {
        var channels = _geometry.InChannels;
        if (channels == Channels)
        {
            line.CopyTo(target);
            return;
        }

        if (Channels * Unsafe.SizeOf<T>() == sizeof(uint))
        {
            // One word a pixel: its last bytes are those of the next pixel, which are of no account. The last pixels have none behind them.
            var bytes = MemoryMarshal.AsBytes(line);
            var padded = MemoryMarshal.Cast<T, uint>(target);
            var pixel = channels * Unsafe.SizeOf<T>();
            var words = bytes.Length < sizeof(uint) ? 0 : ((bytes.Length - sizeof(uint)) / pixel) + 1;
            for (var i = 0; i < words; i++) padded[i] = MemoryMarshal.Read<uint>(bytes[(i * pixel)..]);
            line = line[(words * channels)..];
            target = target[(words * Channels)..];
        }

        for (int from = 0, to = 0; from < line.Length; from += channels, to += Channels)
        {
            for (var c = 0; c < channels; c++) target[to + c] = line[from + c];
        }
    }
}
