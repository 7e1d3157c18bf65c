using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>A node whose output is known when it is planned.</summary>
/// <param name="value">The output.</param>
internal sealed class ConstantPlan(Tensor value) : NodePlan(new TensorType(value.ElementType, value.Dimensions))
{
    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch) => value.Bytes.Span.CopyTo(outputs[0].Bytes.Span);
}
