using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>DequantizeLinear of integers of 2 to 32 bits: <c>(x − zero point) · scale</c>, per tensor, per axis or in blocks.</summary>
internal sealed class DequantizeLinearOperator() : OperatorDefinition("DequantizeLinear", LayoutRule.Same)
{
    public override NodePlan Plan(NodeContext context)
    {
        var (x, scale) = (context.Required(0), context.Required(1));
        if (!QuantizedTypes.IsCode(x.ElementType) && x.ElementType != ElementType.Int32) throw context.Fail($"{x} cannot be dequantized; integers of 2, 4, 8, 16 and 32 bits can");
        if (!scale.ElementType.IsFloatingPoint()) throw context.Fail($"scale {scale} is not floating point");
        if (context.Optional(2) is { } zero && zero.ElementType != x.ElementType) throw context.Fail($"zero point {zero} of {x} must be {x.ElementType}");
        var asked = context.Node.Integer("output_dtype", 0);
        var type = asked == 0 ? scale.ElementType : (ElementType)Math.Clamp(asked, 0, int.MaxValue);
        if (!type.IsFloatingPoint()) throw context.Fail($"output_dtype {asked} is not supported; floating point is");
        return new DequantizePlan(QuantizationGrid.Read(context), new TensorType(type, x.Dimensions, x.Layout));
    }
}

/// <summary>Dequantizes run by run.</summary>
internal sealed class DequantizePlan(QuantizationGrid grid, TensorType output) : NodePlan(output)
{
    private const int Chunk = 256;

    public override long ScratchBytes => grid.ScratchBytes;

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var scales = grid.Parameters(inputs, scratch, out var zeros);
        for (var i = 0; i < grid.Runs; i++)
        {
            var (start, count, index) = grid[i];
            Dequantize(inputs[0]!, start, count, (float)scales[index], (int)zeros[index], outputs[0]);
        }
    }

    private static void Dequantize(Tensor x, int start, int count, float scale, int zero, Tensor target)
    {
        if (target.ElementType == ElementType.Float32 && x.ElementType is ElementType.Int8 or ElementType.UInt8)
        {
            var y = target.AsSpan<float>().Slice(start, count);
            var bytes = x.Bytes.Span.Slice(start, count);
            if (x.ElementType == ElementType.UInt8)
            {
                for (var i = 0; i < y.Length; i++) y[i] = (bytes[i] - zero) * scale;
            }
            else
            {
                for (var i = 0; i < y.Length; i++) y[i] = (unchecked((sbyte)bytes[i]) - zero) * scale;
            }

            return;
        }

        Span<long> codes = stackalloc long[Chunk];
        Span<double> values = stackalloc double[Chunk];
        for (var first = 0; first < count; first += Chunk)
        {
            var length = Math.Min(Chunk, count - first);
            ElementConversion.Read(x, start + first, codes[..length]);
            for (var i = 0; i < length; i++) values[i] = (codes[i] - zero) * scale;
            ElementConversion.Write(values[..length], target, start + first);
        }
    }
}
