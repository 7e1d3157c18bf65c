using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Identity.</summary>
internal sealed class IdentityOperator() : OperatorDefinition("Identity", LayoutRule.Same)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        return new CopyPlan(new TensorType(input.ElementType, input.Dimensions, input.Layout));
    }
}

/// <summary>Copies bytes: identity, reshape, flatten.</summary>
/// <param name="type">Type of the output, as many bytes as the input.</param>
internal sealed class CopyPlan(TensorType type) : NodePlan(type), IPackedPlan
{
    public bool TakesNumbers => true;

    public bool IsCopy => true;

    public PackedStep Pack(PackedPlace place) => new CopyStep(place.Name, place.Inputs, place.Output);

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        => inputs[0]!.Bytes.Span.CopyTo(outputs[0].Bytes.Span);
}
