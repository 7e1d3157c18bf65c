using Subbyte.Packing;
using Subbyte.Tensors;

namespace Subbyte.Networks.Execution;

/// <summary>Converts a value to another element type.</summary>
/// <param name="output">Type of the result; shape and layout are the input's.</param>
internal sealed class ElementTypeConversion(TensorType output) : NodePlan(output), IElementwisePlan
{
    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch) => ElementConversion.Convert(inputs[0]!, outputs[0]);
}
