using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>How a float input becomes base codes of up to 16 bits: bytes of an encoder, or equal steps.</summary>
public sealed class BaseEncoder
{
    private readonly ActivationEncoder? _bytes;
    private readonly float _scale;
    private readonly Rounding _rounding;

    /// <summary>Codes that are bytes and a shift.</summary>
    /// <param name="bytes">Makes the bytes.</param>
    /// <param name="lowest">The code of byte 0.</param>
    /// <param name="zeroPoint">The code of padded positions.</param>
    public BaseEncoder(ActivationEncoder bytes, int lowest, int zeroPoint)
        => (_bytes, Lowest, Highest, ZeroPoint) = (bytes, lowest, lowest + bytes.Largest, zeroPoint);

    /// <summary>Equal steps: <c>clamp(round(x / scale) + zeroPoint, lowest, highest)</c>, the division in float32.</summary>
    /// <param name="scale">Real value of one step; finite, &gt; 0.</param>
    /// <param name="rounding">What happens to ties.</param>
    /// <param name="lowest">The lowest code; it fits 16 bits.</param>
    /// <param name="highest">The highest code; it fits 16 bits.</param>
    /// <param name="zeroPoint">The code of 0 and of padded positions.</param>
    public BaseEncoder(float scale, Rounding rounding, int lowest, int highest, int zeroPoint)
        => (_scale, _rounding, Lowest, Highest, ZeroPoint) = (scale, rounding, lowest, highest, zeroPoint);

    /// <summary>The lowest code.</summary>
    public int Lowest { get; }

    /// <summary>The highest code.</summary>
    public int Highest { get; }

    /// <summary>The code of padded positions.</summary>
    public int ZeroPoint { get; }

    /// <summary>Number of codes.</summary>
    public int Count => Highest - Lowest + 1;

    /// <summary>Whether codes are bytes and a shift.</summary>
    public bool IsBytes => _bytes is not null;

    /// <summary>Writes codes less <see cref="Lowest"/>.</summary>
    /// <param name="values">Values.</param>
    /// <param name="codes">Takes as many bytes.</param>
    internal void Encode(ReadOnlySpan<float> values, Span<byte> codes) => _bytes!.Encode(values, codes);

    /// <summary>Writes codes.</summary>
    /// <param name="values">Values.</param>
    /// <param name="codes">Takes as many codes.</param>
    internal void Encode(ReadOnlySpan<float> values, Span<short> codes)
    {
        if (_bytes is null)
        {
            Quantizer.ToInt16(values, _scale, ZeroPoint, Lowest, Highest, codes, _rounding);
            return;
        }

        // The bytes lie in the second half, which widening overtakes only behind what it has read.
        var bytes = MemoryMarshal.AsBytes(codes)[codes.Length..];
        _bytes.Encode(values, bytes);
        for (var i = 0; i < codes.Length; i++) codes[i] = (short)(bytes[i] + Lowest);
    }

    /// <summary>Writes the encoder.</summary>
    /// <param name="writer">The writer.</param>
    internal void Write(PackedWriter writer)
    {
        writer.Int32(_bytes is null ? 1 : 0);
        writer.Int32(Lowest);
        writer.Int32(ZeroPoint);
        if (_bytes is not null)
        {
            _bytes.Write(writer);
            return;
        }

        writer.Int32(Highest);
        writer.Single(_scale);
        writer.Int32((int)_rounding);
    }

    /// <summary>Reads an encoder.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="channels">Channels of the layer's input.</param>
    /// <returns>The encoder.</returns>
    internal static BaseEncoder Read(PackedReader reader, int channels)
    {
        var isWide = reader.Int32(0, 1, "the width of base codes") == 1;
        var lowest = reader.Int32(short.MinValue, short.MaxValue - byte.MaxValue, "the lowest base code");
        var zeroPoint = reader.Int32(lowest, short.MaxValue, "the code of padding");
        if (!isWide)
        {
            var bytes = ActivationEncoder.Read(reader);
            bytes.RequireBytes(reader, channels);
            return zeroPoint <= lowest + bytes.Largest ? new BaseEncoder(bytes, lowest, zeroPoint) : throw reader.Fail($"the code of padding is {zeroPoint}, the largest code {lowest + bytes.Largest}");
        }

        var highest = reader.Int32(zeroPoint, short.MaxValue, "the highest base code");
        var scale = reader.Single("the step");
        if (!(scale > 0) || !float.IsFinite(scale)) throw reader.Fail($"the step {scale} is not finite and above 0");
        return new BaseEncoder(scale, (Rounding)reader.Int32(0, 1, "the rounding"), lowest, highest, zeroPoint);
    }
}
