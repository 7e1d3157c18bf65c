using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>A function of a whole tensor, element by element.</summary>
/// <param name="x">Operand.</param>
/// <param name="d">Result, of as many elements.</param>
internal delegate void TensorFunction(Tensor x, Tensor d);

/// <summary>A function of the first operand.</summary>
/// <param name="function">The function.</param>
/// <param name="output">Type of the result; shape and layout are the operand's.</param>
internal class UnaryPlan(TensorFunction function, TensorType output) : NodePlan(output)
{
    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch) => function(inputs[0]!, outputs[0]);
}
