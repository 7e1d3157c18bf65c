using Subbyte.Kernels;
using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>LSTM: gates input, output, forget and cell, with peepholes where they are given.</summary>
internal sealed class LstmOperator() : OperatorDefinition("LSTM", types: TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var layer = new RecurrentLayer(context, 4, "Sigmoid", "Tanh", "Tanh");
        layer.Check(6, layer.State.Dimensions.ToArray());
        layer.Check(7, [layer.Shape.Directions, 3 * layer.Shape.Hidden]);
        return new RecurrentPlan(layer, new LstmCell(layer.Shape, layer.Activations, context.Node.Integer("input_forget", 0) != 0));
    }
}
