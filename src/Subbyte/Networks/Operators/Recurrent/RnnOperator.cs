using Subbyte.Kernels;
using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>RNN: H' = f(x·Wᵀ + H·Rᵀ + b).</summary>
internal sealed class RnnOperator() : OperatorDefinition("RNN", types: TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var layer = new RecurrentLayer(context, 1, "Tanh");
        return new RecurrentPlan(layer, new RnnCell(layer.Shape, layer.Activations));
    }
}
