using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>The product of a depthwise layer of one operand, over the whole map at once.</summary>
internal sealed class SumDepthwise
{
    private readonly ConvolutionGeometry _geometry;
    private readonly SumOperandCodes _operand;
    private readonly sbyte[] _bytes = [];
    private readonly short[] _shorts = [];
    private readonly bool _inBytes;
    private readonly short _padding;
    private readonly int _length;

    /// <summary>Makes weights ready.</summary>
    /// <param name="parts">The layer, which <see cref="Fits"/>.</param>
    /// <param name="operand">Its operand.</param>
    /// <param name="inBytes">Whether codes and weights are bytes.</param>
    public SumDepthwise(SumParts parts, SumOperandCodes operand, bool inBytes)
    {
        (_geometry, _operand, _inBytes) = (parts.Geometry, operand, inBytes);
        _length = checked(_geometry.InHeight * _geometry.InWidth * _geometry.InChannels);
        var (plane, depth, channels) = (parts.Planes[parts.Groups[0].Terms[0].Plane], _geometry.Depth, _geometry.OutChannels);
        var transposed = new short[plane.Length];
        for (var i = 0; i < plane.Length; i++) transposed[(i % depth * channels) + (i / depth)] = plane[i];
        if (inBytes) _bytes = Array.ConvertAll(transposed, weight => (sbyte)weight);
        else _shorts = transposed;
        _padding = PaddingCode(parts.Encoder);
    }

    /// <summary>Bytes of memory behind the base codes.</summary>
    public long SharedBytes => MapBytes;

    private long MapBytes => SessionFrame.Bytes<byte>((long)_length * (_inBytes ? sizeof(byte) : sizeof(short)));

    /// <summary>Whether a layer whose sums fit 32 bits can be multiplied so.</summary>
    /// <param name="parts">The layer.</param>
    /// <returns>True when it can.</returns>
    public static bool Fits(SumParts parts)
        => parts.Geometry.IsDepthwise && parts.Groups is [{ Terms: [{ Coefficient: 1 } term] } group] && group.Length == parts.Geometry.Depth && parts.Operands[term.Operand].Distance == 0;

    /// <summary>Makes the operand's map.</summary>
    /// <param name="bases">Base codes.</param>
    /// <param name="codes">Takes the codes.</param>
    public void Prepare(Span<byte> bases, Span<byte> codes)
    {
        if (_inBytes) _operand.Encode(bases[.._length], codes[.._length]);
        else _operand.Encode(MemoryMarshal.Cast<byte, short>(bases)[.._length], MemoryMarshal.Cast<byte, short>(codes)[.._length]);
    }

    /// <summary>Multiplies.</summary>
    /// <param name="codes">What <see cref="Prepare"/> made.</param>
    /// <param name="sums">Takes the sums [position][channel].</param>
    public void Multiply(Span<byte> codes, Span<int> sums)
    {
        if (_inBytes) DepthwiseConvolution.Int8(codes[.._length], _geometry, _bytes, (byte)_padding, sums);
        else DepthwiseConvolution.Int16(MemoryMarshal.Cast<byte, short>(codes)[.._length], _geometry, _shorts, _padding, sums);
    }

    private short PaddingCode(BaseEncoder encoder)
    {
        if (_inBytes)
        {
            byte code = 0;
            _operand.Encode([(byte)(encoder.ZeroPoint - encoder.Lowest)], new Span<byte>(ref code));
            return code;
        }

        short wide = 0;
        _operand.Encode([(short)encoder.ZeroPoint], new Span<short>(ref wide));
        return wide;
    }
}
