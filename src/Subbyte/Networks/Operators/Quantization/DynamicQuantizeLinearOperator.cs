using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>DynamicQuantizeLinear: unsigned bytes over the range of the values, which is widened to hold 0.</summary>
internal sealed class DynamicQuantizeLinearOperator() : OperatorDefinition("DynamicQuantizeLinear", LayoutRule.Same)
{
    public override NodePlan Plan(NodeContext context)
    {
        var x = context.RequiredFloat(0);
        return new DynamicPlan(new TensorType(ElementType.UInt8, x.Dimensions, x.Layout), new TensorType(ElementType.Float32, []), new TensorType(ElementType.UInt8, []));
    }

    private sealed class DynamicPlan(params TensorType[] outputs) : NodePlan(outputs)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var x = inputs[0]!.AsSpan<float>();
            var (lowest, highest) = (0f, 0f);
            foreach (var value in x)
            {
                if (value < lowest) lowest = value;
                if (value > highest) highest = value;
            }

            // A range of nothing but 0 has no step of its own.
            var scale = highest > lowest ? (highest - lowest) / byte.MaxValue : 1;
            var zero = float.IsFinite(lowest) ? (int)MathF.Round(Math.Clamp(-lowest / scale, 0, byte.MaxValue)) : 0;
            Quantizer.ToUInt8(x, scale, zero, 0, byte.MaxValue, outputs[0].AsSpan<byte>());
            outputs[1].AsSpan<float>()[0] = scale;
            outputs[2].AsSpan<byte>()[0] = (byte)zero;
        }
    }
}
