using System.Runtime.InteropServices;
using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Quantizes run by run: by the kernels where codes have 8 or 16 bits and values are float32, else a chunk at a time.</summary>
internal sealed class QuantizePlan(QuantizationGrid grid, ElementType precision, TensorType output) : NodePlan(output)
{
    private const int Chunk = 256;

    public override long ScratchBytes => grid.ScratchBytes;

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var scales = grid.Parameters(inputs, scratch, out var zeros);
        for (var i = 0; i < grid.Runs; i++)
        {
            var (start, count, index) = grid[i];
            var (scale, zero) = (RoundedQuotient.Round((float)scales[index], precision), (int)zeros[index]);
            if (inputs[0]!.ElementType == ElementType.Float32 && precision == ElementType.Float32 && outputs[0].ElementType.BitWidth() >= 8) Vectorized(inputs[0]!.AsSpan<float>().Slice(start, count), scale, zero, outputs[0], start);
            else Plain(inputs[0]!, start, count, scale, zero, outputs[0]);
        }
    }

    /// <summary>The kernels know unsigned bytes and signed 16-bit codes; the others are those with their first bit turned over.</summary>
    private static void Vectorized(ReadOnlySpan<float> x, float scale, int zero, Tensor target, int start)
    {
        switch (target.ElementType)
        {
            case ElementType.UInt8: Quantizer.ToUInt8(x, scale, zero, 0, byte.MaxValue, target.AsSpan<byte>().Slice(start, x.Length)); break;
            case ElementType.Int8:
                var bytes = target.Bytes.Span.Slice(start, x.Length);
                Quantizer.ToUInt8(x, scale, zero + 128, 0, byte.MaxValue, bytes);
                Invert(bytes, 0x8080_8080_8080_8080, 0x80);
                break;
            case ElementType.Int16: Quantizer.ToInt16(x, scale, zero, short.MinValue, short.MaxValue, target.AsSpan<short>().Slice(start, x.Length)); break;
            default:
                var shorts = MemoryMarshal.Cast<byte, short>(target.Bytes.Span).Slice(start, x.Length);
                Quantizer.ToInt16(x, scale, zero - 32768, short.MinValue, short.MaxValue, shorts);
                foreach (ref var code in shorts) code ^= short.MinValue;
                break;
        }
    }

    private static void Invert(Span<byte> bytes, ulong mask, byte last)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ref var word in words) word ^= mask;
        foreach (ref var code in bytes[(words.Length * sizeof(ulong))..]) code ^= last;
    }

    private void Plain(Tensor x, int start, int count, float scale, int zero, Tensor target)
    {
        Span<double> values = stackalloc double[Chunk];
        Span<long> codes = stackalloc long[Chunk];
        var (lowest, highest) = target.ElementType.IntegerRange();
        for (var first = 0; first < count; first += Chunk)
        {
            var length = Math.Min(Chunk, count - first);
            ElementConversion.Read(x, start + first, values[..length]);
            for (var i = 0; i < length; i++)
            {
                var value = RoundedQuotient.Round((float)values[i], precision);
                var quotient = RoundedQuotient.Round(value / scale, precision);
                if (float.IsNaN(quotient)) quotient = 0;
                codes[i] = (long)MathF.Round(Math.Clamp(quotient, lowest - zero, highest - zero)) + zero;
            }

            ElementConversion.Write(codes[..length], target, start + first);
        }
    }
}
