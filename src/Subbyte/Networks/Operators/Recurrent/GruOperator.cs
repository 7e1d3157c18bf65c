using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>GRU: gates update, reset and candidate; H' = (1 − z)∘h + z∘H, the reset before or after the candidate's product.</summary>
internal sealed class GruOperator() : OperatorDefinition("GRU", types: TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var layer = new RecurrentLayer(context, 3, "Sigmoid", "Tanh");
        return context.Node.Integer("linear_before_reset", 0) != 0 ? new LinearFirstPlan(layer) : new ResetFirstPlan(layer);
    }

    private abstract class GruPlan(RecurrentLayer layer) : RecurrentPlan(layer, layer.Output, layer.State)
    {
        /// <summary>Update and reset gates from the products of the state.</summary>
        protected void OpenGates(in RecurrentMemory memory, int sequence, Span<float> gates)
        {
            var both = 2 * Layer.Hidden;
            Add(gates[..both], memory.StateGates.Slice(sequence * Width, both), memory.Bias.Slice(Width, both));
            Activate(gates[..both], memory.Activations[0]);
        }

        protected void Blend(in RecurrentMemory memory, int sequence, Span<float> gates)
        {
            var hidden = Layer.Hidden;
            var state = memory.State.Slice(sequence * hidden, hidden);
            var candidate = gates[(2 * hidden)..];
            Activate(candidate, memory.Activations[1]);
            for (var k = 0; k < hidden; k++) state[k] = ((1 - gates[k]) * candidate[k]) + (gates[k] * state[k]);
        }

        protected Span<float> Gates(in RecurrentMemory memory, int sequence) => memory.Gates.Slice(memory.Rows[sequence] * Width, Width);
    }

    /// <summary>The candidate sees r∘(H·Rᵀ + b): one product a step.</summary>
    private sealed class LinearFirstPlan(RecurrentLayer layer) : GruPlan(layer)
    {
        private readonly GateProduct _stateProduct = new(layer.Context.Required(2), 0, 3 * layer.Hidden);

        protected override void Step(in RecurrentMemory memory, ReadOnlySpan<Tensor?> inputs)
        {
            Multiply(memory.State, _stateProduct.Of(inputs[2]!, memory.Direction), memory.StateGates, 0);
            var hidden = Layer.Hidden;
            var bias = memory.Bias[(Width + (2 * hidden))..];
            for (var sequence = 0; sequence < memory.Rows.Length; sequence++)
            {
                if (memory.Rows[sequence] < 0) continue;
                var gates = Gates(memory, sequence);
                OpenGates(memory, sequence, gates);
                var products = memory.StateGates.Slice((sequence * Width) + (2 * hidden), hidden);
                for (var k = 0; k < hidden; k++) gates[(2 * hidden) + k] += gates[hidden + k] * (products[k] + bias[k]);
                Blend(memory, sequence, gates);
            }
        }
    }

    /// <summary>The candidate sees (r∘H)·Rᵀ + b: its product waits for the reset gate.</summary>
    private sealed class ResetFirstPlan(RecurrentLayer layer) : GruPlan(layer)
    {
        private readonly GateProduct _gateProduct = new(layer.Context.Required(2), 0, 2 * layer.Hidden);
        private readonly GateProduct _candidateProduct = new(layer.Context.Required(2), 2 * layer.Hidden, layer.Hidden);

        protected override void Step(in RecurrentMemory memory, ReadOnlySpan<Tensor?> inputs)
        {
            var hidden = Layer.Hidden;
            Multiply(memory.State, _gateProduct.Of(inputs[2]!, memory.Direction), memory.StateGates, 0);
            var reset = memory.Reset;
            reset.Clear();
            for (var sequence = 0; sequence < memory.Rows.Length; sequence++)
            {
                if (memory.Rows[sequence] < 0) continue;
                var gates = Gates(memory, sequence);
                OpenGates(memory, sequence, gates);
                for (var k = 0; k < hidden; k++) reset[(sequence * hidden) + k] = gates[hidden + k] * memory.State[(sequence * hidden) + k];
            }

            Multiply(reset, _candidateProduct.Of(inputs[2]!, memory.Direction), memory.StateGates, 2 * hidden);
            for (var sequence = 0; sequence < memory.Rows.Length; sequence++)
            {
                if (memory.Rows[sequence] < 0) continue;
                var gates = Gates(memory, sequence);
                Add(gates[(2 * hidden)..], memory.StateGates.Slice((sequence * Width) + (2 * hidden), hidden), memory.Bias[(Width + (2 * hidden))..]);
                Blend(memory, sequence, gates);
            }
        }
    }
}
