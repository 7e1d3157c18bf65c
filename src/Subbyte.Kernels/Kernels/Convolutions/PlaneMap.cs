using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Subbyte.Kernels;

/// <summary>
/// A map of bytes with its padding around it, channel by channel: for each element of a patch, what all patches hold there lies side by side.
/// Strided convolutions find each phase of their stride apart. Lines of the output are <see cref="Pitch"/> positions long, the last few of
/// which are of no account. Immutable; safe to share between threads.
/// </summary>
public sealed class PlaneMap
{
    /// <summary>Positions that products take at once.</summary>
    public const int PositionsOfBlock = 64;

    private const int Tile = 8;

    private readonly ConvolutionGeometry _geometry;
    private readonly int _phasesDown;
    private readonly int _phasesAcross;
    private readonly int _phaseLength;

    private PlaneMap(ConvolutionGeometry geometry)
    {
        _geometry = geometry;
        _phasesDown = Math.Min(geometry.StrideHeight, ((geometry.KernelHeight - 1) * geometry.DilationHeight) + 1);
        _phasesAcross = Math.Min(geometry.StrideWidth, ((geometry.KernelWidth - 1) * geometry.DilationWidth) + 1);
        Pitch = Phase(geometry.InWidth + geometry.PadLeft + geometry.PadRight, geometry.StrideWidth);
        _phaseLength = Phase(geometry.InHeight + geometry.PadTop + geometry.PadBottom, geometry.StrideHeight) * Pitch;
        ChannelLength = _phasesDown * _phasesAcross * _phaseLength;
        Length = (geometry.InChannels * ChannelLength) + Pitch + PositionsOfBlock;
        Positions = geometry.OutHeight * Pitch;
    }

    /// <summary>Bytes of one channel.</summary>
    public int ChannelLength { get; }

    /// <summary>Bytes of all channels and of a margin that products may read.</summary>
    public int Length { get; }

    /// <summary>Positions from one line of the output to the next, at least its width.</summary>
    public int Pitch { get; }

    /// <summary>Positions of the output: its height times <see cref="Pitch"/>.</summary>
    public int Positions { get; }

    /// <summary>Plans the planes of a convolution.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <returns>The planes, or null for a convolution of several groups or one that is too large.</returns>
    public static PlaneMap? For(ConvolutionGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        var (height, width) = ((long)geometry.InHeight + geometry.PadTop + geometry.PadBottom + geometry.StrideHeight, (long)geometry.InWidth + geometry.PadLeft + geometry.PadRight + geometry.StrideWidth);
        return geometry.Groups != 1 || geometry.Positions == 0 || height * width * Math.Max(geometry.InChannels, geometry.OutChannels) > Array.MaxLength / sizeof(int) ? null : new PlaneMap(geometry);
    }

    /// <summary>Where an element of the patches lies: that of position <c>p</c> is found <c>p</c> bytes further.</summary>
    /// <param name="k">Element of the patch, channel fastest.</param>
    public int Offset(int k)
    {
        var g = _geometry;
        var (place, channel) = Math.DivRem(k, g.InChannels);
        var (i, j) = Math.DivRem(place, g.KernelWidth);
        var (down, row) = Math.DivRem(i * g.DilationHeight, g.StrideHeight);
        var (across, column) = Math.DivRem(j * g.DilationWidth, g.StrideWidth);
        return (channel * ChannelLength) + (((row * _phasesAcross) + column) * _phaseLength) + (down * Pitch) + across;
    }

    /// <summary>Writes a map's planes.</summary>
    /// <param name="map">One NHWC image.</param>
    /// <param name="padding">Byte outside the image.</param>
    /// <param name="planes">Takes <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Fill(ReadOnlySpan<byte> map, byte padding, Span<byte> planes)
    {
        var g = _geometry;
        if (map.Length < g.InHeight * g.InWidth * g.InChannels || planes.Length < Length)
            throw new ArgumentException($"a map of {map.Length} bytes and {planes.Length} bytes of room do not serve {g.InHeight}×{g.InWidth}×{g.InChannels}", nameof(map));
        planes[..Length].Fill(padding);
        for (var y = 0; y < g.InHeight; y++)
        {
            var (down, row) = Math.DivRem(y + g.PadTop, g.StrideHeight);
            if (row >= _phasesDown) continue;
            for (var column = 0; column < _phasesAcross; column++)
            {
                // The first pixel of the line that lies in this phase.
                var x = ((column - g.PadLeft) % g.StrideWidth + g.StrideWidth) % g.StrideWidth;
                if (x >= g.InWidth) continue;
                var target = (((row * _phasesAcross) + column) * _phaseLength) + (down * Pitch) + ((x + g.PadLeft) / g.StrideWidth);
                Transpose(map.Slice(((y * g.InWidth) + x) * g.InChannels, (g.InWidth - x) * g.InChannels), g.StrideWidth * g.InChannels, Phase(g.InWidth - x, g.StrideWidth), planes[target..]);
            }
        }
    }

    private static int Phase(int length, int stride) => (length + stride - 1) / stride;

    /// <summary>Pixels of one line to the channels' lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transpose(ReadOnlySpan<byte> pixels, int pixelStride, int count, Span<byte> planes)
    {
        var (channels, length) = (_geometry.InChannels, ChannelLength);
        int tiledPixels = count / Tile * Tile, tiledChannels = channels / Tile * Tile;
        for (var pixel = 0; pixel < tiledPixels; pixel += Tile)
        {
            for (var channel = 0; channel < tiledChannels; channel += Tile)
                TransposeTile(pixels[((pixel * pixelStride) + channel)..], pixelStride, planes[((channel * length) + pixel)..], length);
        }

        for (var channel = 0; channel < channels; channel++)
        {
            for (var pixel = channel < tiledChannels ? tiledPixels : 0; pixel < count; pixel++) planes[(channel * length) + pixel] = pixels[(pixel * pixelStride) + channel];
        }
    }

    /// <summary>Eight bytes of eight pixels, as eight words whose quarters, pairs and bytes change places.</summary>
    private static void TransposeTile(ReadOnlySpan<byte> pixels, int pixelStride, Span<byte> planes, int planeLength)
    {
        Span<ulong> words = stackalloc ulong[Tile];
        for (var i = 0; i < Tile; i++) words[i] = MemoryMarshal.Read<ulong>(pixels[(i * pixelStride)..]);
        for (var i = 0; i < 4; i++) Swap(ref words[i], ref words[i + 4], 32, 0x00000000FFFFFFFF);
        for (var i = 0; i < Tile; i += (i & 1) == 0 ? 1 : 3) Swap(ref words[i], ref words[i + 2], 16, 0x0000FFFF0000FFFF);
        for (var i = 0; i < Tile; i += 2) Swap(ref words[i], ref words[i + 1], 8, 0x00FF00FF00FF00FF);
        for (var i = 0; i < Tile; i++) MemoryMarshal.Write(planes[(i * planeLength)..], words[i]);
    }

    /// <summary>The high parts of one word against the low parts of another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Swap(ref ulong a, ref ulong b, int shift, ulong low)
    {
        var difference = ((a >> shift) ^ b) & low;
        b ^= difference;
        a ^= difference << shift;
    }
}
