using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>RNN: H' = f(x·Wᵀ + H·Rᵀ + b).</summary>
internal sealed class RnnOperator() : OperatorDefinition("RNN", types: TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context) => new RnnPlan(new RecurrentLayer(context, 1, "Tanh"));

    private sealed class RnnPlan(RecurrentLayer layer) : RecurrentPlan(layer, [GateProduct.OfState(layer, "state", 0, 1)], layer.Output, layer.State)
    {
        protected override void Step(in RecurrentMemory memory, ReadOnlySpan<Tensor?> inputs)
        {
            StateProducts[0].Multiply(memory.State, inputs[2]!, memory, memory.StateGates);
            for (var sequence = 0; sequence < memory.Rows.Length; sequence++)
            {
                if (memory.Rows[sequence] < 0) continue;
                var gates = memory.Gates.Slice(memory.Rows[sequence] * Width, Width);
                Add(gates, memory.StateGates.Slice(sequence * Width, Width), memory.Bias[Width..]);
                Activate(gates, memory.Activations[0]);
                gates.CopyTo(memory.State[(sequence * Width)..]);
            }
        }
    }
}
