using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Subbyte.Tensors;

namespace Subbyte.Data;

/// <summary>Records of equal length that lie one after another in memory, with their labels beside them.</summary>
internal sealed class RawRecords : RecordStore
{
    /// <summary>Nobody tells a million classes apart; a larger label is something else.</summary>
    public const int MostClasses = 1_000_000;

    private readonly byte[] _bytes;
    private readonly int[]? _labels;
    private readonly int _sampleLength;
    private readonly int _sampleBytes;

    /// <summary>Creates the store of <paramref name="count"/> records.</summary>
    /// <param name="bytes">The records; multi-byte elements are little-endian.</param>
    /// <param name="count">Number of records.</param>
    /// <param name="sampleShape">Channels, height, width (or any shape when channels are first).</param>
    /// <param name="labels">One label for each record, or <see langword="null"/>.</param>
    /// <param name="classCount">Number of classes; given exactly when there are labels.</param>
    public RawRecords(byte[] bytes, int count, ReadOnlySpan<int> sampleShape, int[]? labels = null, int? classCount = null)
        : base(count, sampleShape, classCount)
    {
        (_bytes, _labels) = (bytes, labels);
        _sampleLength = (int)ElementTypes.ElementCount(sampleShape);
        _sampleBytes = _sampleLength;
        Stride = _sampleLength;
    }

    /// <summary>The type of the elements; bytes unless said otherwise.</summary>
    public ElementType ElementType
    {
        get;
        init
        {
            field = value;
            _sampleBytes = (int)value.ByteLength(_sampleLength);
            Stride = _sampleBytes;
        }
    } = ElementType.UInt8;

    /// <summary>Where the first sample begins in the bytes.</summary>
    public int Offset { get; init; }

    /// <summary>Bytes from one sample to the next; without a gap unless said otherwise. Set after the element type.</summary>
    public int Stride { get; init; }

    /// <summary>How the values of an image lie in the bytes.</summary>
    public RawLayout Layout { get; init; }

    /// <summary>A value is the stored element times this …</summary>
    public float Scale { get; init; } = 1;

    /// <summary>… plus this, in float32, each operation rounded once.</summary>
    public float Shift { get; init; }

    /// <inheritdoc/>
    public override int Label(int index) => _labels![index];

    /// <inheritdoc/>
    public override void AppendTo(int index, IncrementalHash hash) => hash.AppendData(Stored(index));

    /// <inheritdoc/>
    public override void Read(int index, Span<float> destination)
    {
        if (Layout == RawLayout.ChannelsFirst)
        {
            Convert(Stored(index), ElementType, destination);
        }
        else
        {
            var (channels, pixels) = (SampleShape[0], _sampleLength / SampleShape[0]);
            var rented = ArrayPool<float>.Shared.Rent(_sampleLength);
            var stored = rented.AsSpan(0, _sampleLength);
            Convert(Stored(index), ElementType, stored);
            for (var c = 0; c < channels; c++)
                for (var p = 0; p < pixels; p++)
                    destination[(c * pixels) + p] = stored[(p * channels) + c];
            ArrayPool<float>.Shared.Return(rented);
        }

        if (Scale != 1) TensorPrimitives.Multiply(destination, Scale, destination);
        if (Shift != 0) TensorPrimitives.Add(destination, Shift, destination);
    }

    /// <summary>Finds the first element that is not a finite number.</summary>
    /// <returns>Its record and its place in the sample, or <see langword="null"/> when all are finite.</returns>
    public (int Record, int Element)? FindNotFinite()
    {
        if (ElementType is not (ElementType.Float32 or ElementType.Float64)) return null;
        var values = new float[_sampleLength];
        for (var record = 0; record < Count; record++)
        {
            Convert(Stored(record), ElementType, values);
            if (TensorPrimitives.IsFiniteAll<float>(values)) continue;
            return (record, Array.FindIndex(values, value => !float.IsFinite(value)));
        }

        return null;
    }

    private ReadOnlySpan<byte> Stored(int index) => _bytes.AsSpan(Offset + (index * Stride), _sampleBytes);

    private static void Convert(ReadOnlySpan<byte> stored, ElementType type, Span<float> destination)
    {
        switch (type)
        {
            case ElementType.UInt8: TensorPrimitives.ConvertTruncating(stored, destination); break;
            case ElementType.Int8: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, sbyte>(stored), destination); break;
            case ElementType.Int32: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, int>(stored), destination); break;
            case ElementType.Int64: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, long>(stored), destination); break;
            case ElementType.Float64: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(stored), destination); break;
            case ElementType.Float32: MemoryMarshal.Cast<byte, float>(stored).CopyTo(destination); break;
            default: throw new NotSupportedException($"{type} is not an element type of raw records.");
        }
    }
}
