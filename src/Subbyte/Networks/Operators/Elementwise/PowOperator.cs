using Subbyte.Networks.Execution;
using Subbyte.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Subbyte.Networks.Operators;

/// <summary>Pow: the base's type is the result's. Computed in double and rounded once, but for the small constant exponents that exporters write.</summary>
internal sealed class PowOperator() : OperatorDefinition("Pow", LayoutRule.Same)
{
    public override NodePlan Plan(NodeContext context)
    {
        var (x, y, result) = Broadcasting.Operands(context);
        if (x.ElementType is ElementType.Boolean or ElementType.Undefined || y.ElementType is ElementType.Boolean or ElementType.Undefined) throw context.Fail($"is not defined for {x.ElementType} and {y.ElementType}");
        if (x.ElementType == ElementType.Float32 && y is { Count: 1, Constant: { } exponent } && result.Rank == x.Rank && Small(exponent) is { } function) return new UnaryPlan(function, result);
        return new PowerPlan(BroadcastLoop.Of(result, x, y), x.Count, y.Count, result);
    }

    private static TensorFunction? Small(Tensor exponent)
    {
        Span<double> value = stackalloc double[1];
        ElementConversion.Read(exponent, 0, value);
        return value[0] switch
        {
            0.5 => (x, d) => TensorPrimitives.Sqrt(x.AsSpan<float>(), d.AsSpan<float>()),
            1 => (x, d) => x.Bytes.Span.CopyTo(d.Bytes.Span),
            2 => (x, d) => TensorPrimitives.Multiply(x.AsSpan<float>(), x.AsSpan<float>(), d.AsSpan<float>()),
            3 => Cube,
            _ => null,
        };
    }

    private static void Cube(Tensor x, Tensor d)
    {
        TensorPrimitives.Multiply(x.AsSpan<float>(), x.AsSpan<float>(), d.AsSpan<float>());
        TensorPrimitives.Multiply(d.AsSpan<float>(), x.AsSpan<float>(), d.AsSpan<float>());
    }

    private sealed class PowerPlan(BroadcastLoop loop, long bases, long exponents, TensorType output) : NodePlan(output)
    {
        private const int Chunk = 256;

        public override long ScratchBytes => ScratchAllocator.Bytes<double>(bases) + ScratchAllocator.Bytes<double>(exponents) + ScratchAllocator.Bytes<double>(Outputs[0].Count);

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var memory = new ScratchAllocator(scratch);
            var x = memory.Take<double>((int)bases);
            var y = memory.Take<double>((int)exponents);
            var d = memory.Take<double>(outputs[0].Length);
            Read(inputs[0]!, x);
            Read(inputs[1]!, y);
            loop.Run<double, double, Each<double, double, PowerFunction>>(x, y, d);
            for (var start = 0; start < d.Length; start += Chunk)
                ElementConversion.Write(d.Slice(start, Math.Min(Chunk, d.Length - start)), outputs[0], start);
        }

        private static void Read(Tensor tensor, Span<double> values)
        {
            for (var start = 0; start < values.Length; start += Chunk)
                ElementConversion.Read(tensor, start, values.Slice(start, Math.Min(Chunk, values.Length - start)));
        }
    }
}
