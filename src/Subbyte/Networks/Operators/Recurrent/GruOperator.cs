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

    private abstract class GruPlan(RecurrentLayer layer, params GateProduct[] stateProducts) : RecurrentPlan(layer, stateProducts, layer.Output, layer.State)
    {
        /// <summary>Update and reset gates from the products of the state.</summary>
        protected void OpenGates(in RecurrentMemory memory, ReadOnlySpan<float> products, Span<float> gates)
        {
            var both = 2 * Layer.Hidden;
            Add(gates[..both], products, memory.Bias.Slice(Width, both));
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
    private sealed class LinearFirstPlan(RecurrentLayer layer) : GruPlan(layer, GateProduct.OfState(layer, "state", 0, 3))
    {
        protected override void Step(in RecurrentMemory memory, ReadOnlySpan<Tensor?> inputs)
        {
            StateProducts[0].Multiply(memory.State, inputs[2]!, memory, memory.StateGates);
            var hidden = Layer.Hidden;
            var bias = memory.Bias[(Width + (2 * hidden))..];
            for (var sequence = 0; sequence < memory.Rows.Length; sequence++)
            {
                if (memory.Rows[sequence] < 0) continue;
                var gates = Gates(memory, sequence);
                OpenGates(memory, memory.StateGates.Slice(sequence * Width, 2 * hidden), gates);
                var products = memory.StateGates.Slice((sequence * Width) + (2 * hidden), hidden);
                for (var k = 0; k < hidden; k++) gates[(2 * hidden) + k] += gates[hidden + k] * (products[k] + bias[k]);
                Blend(memory, sequence, gates);
            }
        }
    }

    /// <summary>The candidate sees (r∘H)·Rᵀ + b: its product waits for the reset gate.</summary>
    private sealed class ResetFirstPlan(RecurrentLayer layer)
        : GruPlan(layer, GateProduct.OfState(layer, "state", 0, 2), GateProduct.OfState(layer, "candidate", 2, 1))
    {
        protected override void Step(in RecurrentMemory memory, ReadOnlySpan<Tensor?> inputs)
        {
            var hidden = Layer.Hidden;
            var products = memory.StateGates[..(memory.Rows.Length * 2 * hidden)];
            var candidates = memory.StateGates[products.Length..];
            StateProducts[0].Multiply(memory.State, inputs[2]!, memory, products);
            var reset = memory.Reset;
            reset.Clear();
            for (var sequence = 0; sequence < memory.Rows.Length; sequence++)
            {
                if (memory.Rows[sequence] < 0) continue;
                var gates = Gates(memory, sequence);
                OpenGates(memory, products.Slice(sequence * 2 * hidden, 2 * hidden), gates);
                for (var k = 0; k < hidden; k++) reset[(sequence * hidden) + k] = gates[hidden + k] * memory.State[(sequence * hidden) + k];
            }

            StateProducts[1].Multiply(reset, inputs[2]!, memory, candidates);
            for (var sequence = 0; sequence < memory.Rows.Length; sequence++)
            {
                if (memory.Rows[sequence] < 0) continue;
                var gates = Gates(memory, sequence);
                Add(gates[(2 * hidden)..], candidates.Slice(sequence * hidden, hidden), memory.Bias[(Width + (2 * hidden))..]);
                Blend(memory, sequence, gates);
            }
        }
    }
}
