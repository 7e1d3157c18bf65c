using Subbyte.Kernels;
using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>GRU: gates update, reset and candidate, the reset before or after the candidate's product.</summary>
internal sealed class GruOperator() : OperatorDefinition("GRU", types: TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var layer = new RecurrentLayer(context, 3, "Sigmoid", "Tanh");
        return new RecurrentPlan(layer, new GruCell(layer.Shape, layer.Activations, context.Node.Integer("linear_before_reset", 0) != 0));
    }
}
