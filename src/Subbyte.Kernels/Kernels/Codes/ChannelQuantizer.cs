using System.Numerics.Tensors;

namespace Subbyte.Kernels;

/// <summary>Codes of maps whose channels, innermost, have steps of their own: <c>clamp(round half to even(x / step[c]) + zero point)</c>, the division in float32.</summary>
public sealed class ChannelQuantizer
{
    private const int Block = 256;

    private readonly float[] _steps;
    private readonly float[] _tiled;

    /// <summary>A quantizer.</summary>
    /// <param name="steps">Step of each channel, finite and &gt; 0.</param>
    public ChannelQuantizer(ReadOnlySpan<float> steps)
    {
        _steps = steps.ToArray();
        _tiled = [.. Enumerable.Repeat(_steps, (Block + steps.Length - 1) / steps.Length).SelectMany(each => each)];
    }

    /// <summary>Step of each channel.</summary>
    public ReadOnlySpan<float> Steps => _steps;

    /// <summary>Codes of 16 bits, zero point 0.</summary>
    /// <param name="values">Values; the first belongs to channel 0.</param>
    /// <param name="lowest">Lowest code.</param>
    /// <param name="highest">Highest code.</param>
    /// <param name="codes">One code a value.</param>
    public void ToInt16(ReadOnlySpan<float> values, int lowest, int highest, Span<short> codes)
    {
        Span<float> quotients = stackalloc float[Block];
        for (var start = 0; start < values.Length;)
        {
            var block = Divide(values, start, quotients);
            Quantizer.ToInt16(block, 1, 0, lowest, highest, codes.Slice(start, block.Length));
            start += block.Length;
        }
    }

    /// <summary>Codes of a byte.</summary>
    /// <param name="values">Values; the first belongs to channel 0.</param>
    /// <param name="zeroPoint">The byte of 0.</param>
    /// <param name="lowest">Lowest byte.</param>
    /// <param name="highest">Highest byte.</param>
    /// <param name="codes">One byte a value.</param>
    public void ToUInt8(ReadOnlySpan<float> values, int zeroPoint, int lowest, int highest, Span<byte> codes)
    {
        Span<float> quotients = stackalloc float[Block];
        for (var start = 0; start < values.Length;)
        {
            var block = Divide(values, start, quotients);
            Quantizer.ToUInt8(block, 1, zeroPoint, lowest, highest, codes.Slice(start, block.Length));
            start += block.Length;
        }
    }

    private Span<float> Divide(ReadOnlySpan<float> values, int start, Span<float> quotients)
    {
        var phase = start % _tiled.Length;
        var count = Math.Min(Block, Math.Min(values.Length - start, _tiled.Length - phase));
        TensorPrimitives.Divide(values.Slice(start, count), _tiled.AsSpan(phase, count), quotients);
        return quotients[..count];
    }
}
