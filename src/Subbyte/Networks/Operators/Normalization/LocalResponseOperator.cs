using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Subbyte.Networks.Operators;

/// <summary>LRN: x / (bias + α/size · Σ x²)^β, the sum over a window of channels around each.</summary>
internal sealed class LocalResponseOperator() : OperatorDefinition("LRN", LayoutRule.Same, TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.RequiredFloat(0);
        if (input.Rank < 2) throw context.Fail($"needs channels; its operand is {input}");
        var size = context.Node.Integer("size", 0);
        if (size < 1) throw context.Fail("its size must be at least 1");
        var span = AxisSpan.Of(input, 1);
        var (before, after) = ((int)Math.Min((size - 1) / 2, span.Count), (int)Math.Min(size / 2, span.Count));
        var type = new TensorType(ElementType.Float32, input.Dimensions, input.Layout);
        return new LocalResponsePlan(span, before, after, context.Node.Float("alpha", 1e-4f) / size, context.Node.Float("beta", 0.75f), context.Node.Float("bias", 1), type);
    }

    private sealed class LocalResponsePlan(AxisSpan span, int before, int after, float factor, float beta, float bias, TensorType output) : NodePlan(output)
    {
        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var x = inputs[0]!.AsSpan<float>();
            var d = outputs[0].AsSpan<float>();
            var size = span.Count * span.Inner;
            for (var start = 0; start < d.Length; start += size) Sums(x.Slice(start, size), d.Slice(start, size));
            TensorPrimitives.Multiply(d, factor, d);
            TensorPrimitives.Add(d, bias, d);
            Transcendental.Log(d, d);
            TensorPrimitives.Multiply(d, -beta, d);
            Transcendental.Exp(d, d);
            TensorPrimitives.Multiply(d, x, d);
        }

        /// <summary>Sums of squares over the window of each channel, in the order of channels.</summary>
        private void Sums(ReadOnlySpan<float> x, Span<float> d)
        {
            d.Clear();
            for (var channel = 0; channel < span.Count; channel++)
            {
                var target = d.Slice(channel * span.Inner, span.Inner);
                var (first, last) = (Math.Max(0, channel - before), Math.Min(span.Count - 1, channel + after));
                for (var other = first; other <= last; other++)
                {
                    var row = x.Slice(other * span.Inner, span.Inner);
                    for (var i = 0; i < target.Length; i++) target[i] = MathF.FusedMultiplyAdd(row[i], row[i], target[i]);
                }
            }
        }
    }
}
